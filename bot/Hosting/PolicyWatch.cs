using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// Reads the policy file again when it changes. A wrong one leaves the former one in force and says so, also in <c>status</c>, until it is
/// right. It looks at the content every few seconds: a file that is replaced, mounted or linked is noticed too.
/// </summary>
internal sealed class PolicyWatch(PolicyFile first, ConversationCore core)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private PolicyFile? _taken;
    private string? _suspect;
    private (string Sentence, string Key)? _trouble;

    private PolicyFile InForce => _taken ?? first;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Every, core.Clock, cancel);
            await LookAsync(cancel);
        }
    }

    public async Task LookAsync(CancellationToken cancel)
    {
        PolicyFile file;
        try
        {
            file = PolicyFile.Load(first.Path);
        }
        catch (ConfigurationException e)
        {
            Complain(
                $"{e.Message.ReplaceLineEndings("; ")} The policy as it was before stays in force. Next: mend the file; chatops check-policy {first.Path}"
            );
            return;
        }

        _suspect = null;
        if (file.Source != InForce.Source && !await IsTakenAsync(file, cancel))
            return;
        if (_trouble is { } over)
            core.Troubles.Mended(over.Sentence, over.Key);
        _trouble = null;
    }

    // Written down first: nothing is held by a policy of which the log does not know. While the log does not answer, nothing can be
    // approved either.
    private async Task<bool> IsTakenAsync(PolicyFile file, CancellationToken cancel)
    {
        string[] places = [.. PolicyDifference.Between(InForce, file)];
        if (places.Length > 0)
        {
            try
            {
                await core.EnforceAsync(first, file, new PolicyChanged(HashOf(InForce), HashOf(file), [.. places]), cancel);
            }
            catch (LogUnavailableException)
            {
                return false;
            }

            string[] later = [.. places.Where(PolicyDifference.IsForLater)];
            core.Troubles.Notice(
                Key("changed"),
                $"the policy file has changed and is in force: {string.Join(", ", places)}.{(later.Length > 0 ? $" From the next start on: {string.Join(", ", later)}." : "")}"
            );
        }

        _taken = file;
        return true;
    }

    // A file that is being written is wrong for a moment: what is said twice is so.
    private void Complain(string sentence)
    {
        if (_suspect == sentence && _trouble?.Sentence != sentence)
        {
            if (_trouble is { } former)
                core.Troubles.Mended(former.Sentence, former.Key);
            var key = Key("file");
            _trouble = (sentence, key);
            core.Troubles.Add(sentence, key);
        }

        _suspect = sentence;
    }

    // As alerts have them, so that a surface shows it where it shows alerts.
    private string Key(string about) =>
        string.Create(CultureInfo.InvariantCulture, $"policy!{about}@{core.Clock.GetUtcNow().ToUnixTimeMilliseconds()}");

    private static string HashOf(PolicyFile file) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Source)));
}
