using ChatOps.Gateway;
using ChatOps.Gateway.Datagrams;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;
using ChatOps.Gateway.Verbs;

// The only program that the ChatOps key may run on a gateway. It takes a verb, from SSH_ORIGINAL_COMMAND or as arguments, answers one JSON
// object on the last line, and exits 0 when that says "ok":true. infra/gateway/README.md has the verbs and the answers.
const string version = "8";
const int protocol = 8;

// A service of this machine, which is nobody and sees nothing but its file.
if (args is ["udprelay"])
    return RelayControl.Serve();

// No program that is started from here may miss the folder of whoever logged in.
Directory.SetCurrentDirectory("/");

// What is written here is root's alone; and a parent may have had its children ignored.
_ = Libc.Umask(0b000_111_111);
_ = Libc.Signal(Libc.Child, 0);
_ = Libc.Signal(Libc.Pipe, 1);

var connection = Environment.GetEnvironmentVariable("SSH_CONNECTION");
var caller = connection ?? "this machine";
var remote = Environment.GetEnvironmentVariable("SSH_ORIGINAL_COMMAND");
return remote == "session"
    ? Session.Run((verb, input) => Answer(new Call(caller) { Input = input }, () => Words(verb)))
    : Answer(new Call(caller), () => remote is null ? args : Words(remote));

// One verb: its answer is said, and whether it was done.
int Answer(Call started, Func<string[]> verbOf)
{
    using var call = started;
    var verb = "asking";
    try
    {
        var words = verbOf();
        // What reaches this by our key stays outside of the machine's own affairs.
        if ((remote is not null || connection is not null) && words is ["expire" or "boot" or "lapse" or "lay" or "regain", ..])
            throw Usage("this is not for the network");
        Prepare();
        if (words is [var first, ..])
            verb = first;
        Answers.Say(Run(call, words));
        return 0;
    }
    catch (Refusal refusal)
    {
        Journal.Say(
            $"{verb}{(call.Revision is { } number ? $" {number}" : "")}: refused while {refusal.Step}: "
                + $"{(refusal.Code.Length > 0 ? $"{refusal.Code}: " : "")}{(refusal.File.Length > 0 ? $"{refusal.File}: " : "")}{refusal.Message}"
        );
        Answers.Say(Answers.Refused(refusal, call.Revision, call.Store));
        return 1;
    }
#pragma warning disable CA1031 // A mistake in this program ends it too; even then there is an answer.
    catch (Exception e)
#pragma warning restore CA1031
    {
        Journal.Say($"{verb}: stopped by a mistake in this program: {e}");
        Answers.Say(Answers.Refused(new(verb, "broken", "chatops-gateway stopped; see the journal of the gateway"), null, null));
        return 1;
    }
}

string Run(Call call, string[] words)
{
    switch (words)
    {
        case ["apply", var revision, var seconds]:
            return Offered(call, revision, seconds, full: false);
        case ["apply", var revision, var seconds, "full"]:
            return Offered(call, revision, seconds, full: true);
        case ["apply", _, _, _]:
            throw Usage("apply REVISION SECONDS full");
        case ["confirm", var revision]:
            return Confirm.Answer(call, Numbered(call, revision));
        case ["revert"]:
            return Revert.Answer(call, null);
        case ["revert", var revision]:
            return Revert.Answer(call, Numbered(call, revision));
        case ["observe"]:
            return Observation.Answer(call);
        case ["drift"]:
            return Drift.Answer(call);
        case ["stats"]:
            return Observation.AnswerOfStatistics(call);
        case ["version"]:
            return $$"""{"ok":true,"version":"{{version}}","protocol":{{protocol}}}""";
        case ["expire", var revision, var timer]:
            call.Revision = Places.Number(revision);
            return Revert.Expire(call, timer);
        case ["lapse"]:
            return Lapse.Answer(call);
        case ["lay", "nginx" or "haproxy" or "pgbouncer"]:
            return HeldPorts.Lay(call.Systemd, words[1]);
        case ["regain"]:
            return Regain.Answer(call);
        case ["boot", "firewall"]:
            return Boot.Firewall(call);
        case ["boot", "services"]:
            return Boot.Services(call);
        case ["boot"]:
            Boot.Firewall(call);
            return Boot.Services(call);
        default:
            throw Usage(
                "verbs: apply REVISION SECONDS [full], confirm REVISION, revert [REVISION], observe, drift, stats, version, session"
            );
    }
}

string Offered(Call call, string revision, string seconds, bool full)
{
    if (Places.Number(revision) is not (>= 1 and var number))
        throw Usage("a revision is a whole number from 1 on");
    call.Revision = number;
    return Places.Number(seconds) is >= 1 and <= 3600 and var patience
        ? new Apply(call, number, patience, full).Answer()
        : throw Usage("seconds until the revert are 1-3600");
}

long Numbered(Call call, string revision)
{
    var number = Places.Number(revision) ?? throw Usage("a revision is a whole number");
    call.Revision = number;
    return number;
}

static string[] Words(string command) =>
    command.Any(c => !char.IsAsciiDigit(c) && !char.IsAsciiLetterLower(c) && c != ' ')
        ? throw Usage("only small letters, digits and spaces may be in a command")
    : command.Length > 100 ? throw Usage("the command is too long")
    : command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

static void Prepare()
{
    const UnixFileMode others = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    if (Directory.Exists(Places.Run))
        return;
    Directory.CreateDirectory(Places.Run);
    File.SetUnixFileMode(Places.Run, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
}

static Refusal Usage(string text) => new("asking", "usage", text);
