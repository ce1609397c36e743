using System.Text;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Receiving;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>
/// A whole revision becomes current, and is undone unless somebody confirms it in time: receive, look at everything, arm the timer, switch,
/// look whether it runs.
/// </summary>
internal sealed partial class Apply(Call call, long revision, long seconds, bool full)
{
    // A number far off would shut out the one controller there is.
    private const long LargestStep = 10_000;
    private const int TargetMilliseconds = 300;

    private readonly long _started = Environment.TickCount64;
    private readonly string _folder = $"{Places.Revisions}/.{revision}.tmp";
    private RevertTimer? _timer;

    private Store Store => call.Store!;

    private bool IsAgain => revision == Store.Running;

    public string Answer()
    {
        // Before the lock: a sender who stalls is in nobody's way.
        var members = Bundle.Read(call.Input());
        using var locked = call.Lock(10);
        Journal.Say(
            $"apply {revision}: offered to a gateway that runs {Store.Running} (confirmed {Store.Confirmed}, highest {Store.Highest}), from {call.From}"
        );
        if (revision < Store.Highest)
            throw new Refusal("fencing", "stale", $"revision {revision} is older than {Store.Highest}, which was offered already");
        if (revision > Store.Highest + LargestStep)
            throw new Refusal(
                "asking",
                "usage",
                $"revision {revision} is more than {LargestStep} after {Store.Highest}; the next one is {Store.Highest + 1}"
            );
        var offer = Offer.Of(members);
        try
        {
            // The timer is made while the files are looked at; it counts only once it is trusted.
            if (!IsAgain)
                _timer = new(call.Systemd, revision, seconds);
            return IsAgain ? Again(Compare(offer)) : Switch(offer, Compare(offer));
        }
        catch (Refusal refusal) when (refusal.Step != "switching")
        {
            Drop();
            throw;
        }
    }

    // What differs from what runs.
    private Change Compare(Offer offer)
    {
        var running = Store.RunningFolder;
        var edited = running.Edited();
        // Nothing is overwritten that nobody has seen: "drift" tells of it, and a repair says "full".
        var isGuarded = !IsAgain && !full && !Store.IsUnfinished;
        if (isGuarded && edited.Count > 0)
            throw ByHand(string.Join(' ', edited));
        var differing = Change.Differing(running.Sums(), offer.Sums, edited);
        var lists = Places.Lists.Where(differing.Contains).ToList();
        var change = new Change(call.Systemd, running, new(_folder))
        {
            Changed = [.. Places.Configs.Where(differing.Contains)],
            Lists = lists,
            All = !IsAgain && (full || Store.IsUnfinished),
            Elements = isGuarded ? ElementsOf(running, offer, differing) : null,
        };
        if (lists.Count > 0)
            change.Plan = Change.PlanOf(running.Bytes("exposures"), offer["exposures"], running.Bytes("listeners"), offer["listeners"]);
        // Not to be able to look is no licence to overwrite.
        if (
            isGuarded
            && change.Elements is null
            && differing.Contains("nftables.nft")
            && Store.Running != 0
            && !IsTableAsItShouldBe(running)
        )
            throw ByHand("table inet chatops");
        return change;
    }

    private static string? ElementsOf(RevisionFolder running, Offer offer, HashSet<string> differing) =>
        differing.Contains("nftables.nft") && running.Has("nftables.nft") && offer.Files.TryGetValue("nftables.nft", out var table)
            ? Elements.Between(running.Text("nftables.nft"), Encoding.UTF8.GetString(table))
            : null;

    private static bool IsTableAsItShouldBe(RevisionFolder running)
    {
        try
        {
            return Table.Expected(running) == Table.Now();
        }
        catch (Refusal)
        {
            return false;
        }
    }

    // This revision would overwrite what somebody did on this machine.
    private Refusal ByHand(string what) => new("looking", "drift", $"changed by hand since revision {Store.Running}: {what}");

    private string Switch(Offer offer, Change change)
    {
        Draft.Inspect(offer, change);
        Draft.Store(offer, change, revision);
        if (change.All && Store.IsUnfinished)
            Journal.Say($"apply {revision}: an earlier change was not finished; everything is loaded anew");
        Answers.Progress("validating");
        change.Ending = Ending.Of(change.New, Store.Confirmed);
        // Elements alone are one transaction that the kernel refuses whole, so no dry run before it: it is the check, and the switch.
        // So is a line of a map that HAProxy has already.
        var isElementsAlone =
            change is { Elements: not null, All: false }
            && change.Changed.All(f => f == "nftables.nft" || (Relay.Maps.Contains(f) && Proxies.IsRelaying(call.Systemd)))
            && !change.Lists.Contains("listeners");
        change.HasElements = isElementsAlone;
        Checkers.Check(change);
        if (_timer!.Armed() is { } text)
            throw new Refusal("arming", "broken", $"cannot arm the revert timer; nothing was changed: {text}");
        if (isElementsAlone)
            LoadElements(change);
        var validated = Environment.TickCount64;
        Answers.Progress("switching");
        var oldRevision = Store.Running;
        Journal.Say(
            $"apply {revision}: switching from {oldRevision}; changed: {string.Join(' ', change.Changed)}; back in {seconds} s unless confirmed"
        );
        var target = RevisionFolder.Of(revision);
        try
        {
            Store.Raise(revision);
            Files.DeleteFolder(target.Path);
            _timer.Trust();
            Directory.Move(_folder, target.Path);
            Store.Begin($"{revision}");
            Store.Run(revision);
        }
        catch (IOException e)
        {
            if (!change.HasElements)
                Store.Finish();
            else
                Restore(oldRevision, change, "the disk is full");
            Drop();
            throw new Refusal("storing", "storage", $"cannot switch {Places.State}/current: {e.Message}");
        }

        var loading = change.In(target);
        try
        {
            loading.Load();
        }
        catch (Refusal refusal)
        {
            throw Restore(oldRevision, loading, refusal.Message, refusal.File);
        }

        Store.Finish();
        var switched = Environment.TickCount64;
        Answers.Progress("checking");
        return Report(loading, validated, switched);
    }

    // From here on what runs may differ from "current", and the timer leads back; whoever kills us now leaves that to it.
    private void LoadElements(Change change)
    {
        _timer!.Trust();
        Store.Begin($"{revision}");
        Relay.Load(change, change.New, Proxies.IsRelaying(call.Systemd));
        if (Firewall.LoadElements(change.Elements!) is not { } refused)
            return;
        Relay.Load(change, change.Old, Proxies.IsRelaying(call.Systemd));
        Store.Finish();
        Journal.Say($"apply {revision}: the elements do not fit what runs; the whole table is loaded: {refused}");
        (change.Elements, change.HasElements) = (null, false);
        Checkers.Check(change);
    }

    // Back to where this apply came from, as far as it goes: what the refusal says is what went wrong first.
    private Refusal Restore(long oldRevision, Change failed, string error, string file = "")
    {
        Journal.Say($"apply {revision}: going back to {oldRevision}");
        Store.Begin($"{oldRevision}");
        var target = RevisionFolder.Of(oldRevision);
        var from = failed.New;
        var back = new Change(call.Systemd, from, target)
        {
            Changed = [.. failed.Changed],
            Lists = failed.Lists,
            All = failed.All,
            KeepsGoing = true,
            Routes = failed.Routes,
            // The other way round: what was to be opened closes, a port that moved moves back.
            Plan = failed.Lists.Count > 0 ? Change.PlanOf(from, target) : failed.Plan,
            Ending = Ending.Of(target, Store.Confirmed),
        };
        try
        {
            Store.Run(oldRevision);
        }
        catch (IOException e)
        {
            back.Fail("current", $"cannot switch {Places.State}/current back: {e.Message}");
        }

        back.Load();
        Flows.Cut(back);
        Store.Remember(revision, "failed");
        if (back.Trouble is { } trouble)
            // The timer stays armed: it loads everything of the confirmed revision once more.
            return new("switching", "", $"{error}; and going back to {oldRevision}: {trouble.File}: {trouble.Text}", file);
        Store.Finish();
        if (Store.Running == Store.Confirmed)
            _timer!.Disarm();
        return new("switching", "", error, file);
    }

    // The same revision once more: the answer got lost, or two controllers sent it.
    private string Again(Change change)
    {
        if (change.Changed.Count > 0 || change.Lists.Count > 0)
        {
            var others = string.Join(' ', change.Changed.Concat(change.Lists));
            throw new Refusal(
                "fencing",
                "conflict",
                $"revision {revision} is on the gateway with other files ({others}); deliver a new revision"
            );
        }

        Store.Raise(revision);
        if (revision != Store.Confirmed)
        {
            var timer = new RevertTimer(call.Systemd, revision, seconds);
            if (timer.Armed() is { } text)
                throw new Refusal("arming", "broken", $"cannot arm the revert timer again; the earlier one is still armed: {text}");
            timer.Trust();
        }

        var validated = Environment.TickCount64;
        var running = Store.RunningFolder;
        var anew = new Change(call.Systemd, running, running) { All = Store.IsUnfinished, Ending = Ending.Of(running, Store.Confirmed) };
        if (anew.All)
            anew.Load();
        else
            Listening.Check(anew);
        Store.Finish();
        return Report(new(call.Systemd, running, running), validated, Environment.TickCount64);
    }
}
