using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>A revision that has come and is not switched to: it is looked at, and then it is a folder.</summary>
internal static class Draft
{
    /// <summary>Refuses the first thing that no other tool would object to, or that must not even be asked of one.</summary>
    public static void Inspect(Offer offer, Change change)
    {
        var exposures = Exposures.Parse(offer["exposures"], out var wrongExposure);
        var listeners = Listeners.Parse(offer["listeners"], out var wrongListener);
        var files = new BundleFiles
        {
            ToLookAt = BundleCheck.ToLookAt(offer.Files, [.. change.Changed, .. change.Lists]),
            Exposures = exposures,
            Listeners = listeners,
            Own = Network.All(),
            Rules = offer["rules"],
        };
        var fault = wrongExposure ?? wrongListener ?? BundleCheck.Check(files);
        if (fault is not null)
            throw new Refusal("validating", "", fault.Reason, fault.File);
    }

    /// <summary>Writes the folder of the new revision, complete before a rename makes it current; with all keys in it.</summary>
    public static void Store(Offer offer, Change change, long revision)
    {
        var folder = change.New.Path;
        try
        {
            Files.DeleteFolder(folder);
            Directory.CreateDirectory(folder);
            foreach (var (name, content) in offer.Files)
                File.WriteAllBytes($"{folder}/{name}", name == "wg0.conf" ? Keyed(offer, content, KeyOf(change)) : content);
            File.WriteAllText($"{folder}/sums", RevisionFolder.Listed(offer.Sums));
            File.WriteAllText($"{folder}/revision", $"{revision}\n");
        }
        catch (IOException e)
        {
            throw new Refusal("storing", "storage", $"cannot store the bundle: {e.Message}");
        }

        change.New.NoteLooks();
    }

    private static byte[] Keyed(Offer offer, byte[] content, string key)
    {
        var preshared = new PresharedKeys(SecretsFile.Rows(offer["secrets"]), Convert.FromBase64String(key.Trim()));
        return WireGuardFile.WithKeys(content, key, preshared.Of);
    }

    // Made here, when it is not there any more.
    private static string KeyOf(Change change)
    {
        if (Files.HasContent(Places.Key))
            return Files.Line(Places.Key)!;
        var key = Command.Run("wg", "genkey");
        var pub = Command.RunWith(key.Output, "wg", "pubkey");
        if (!key.IsOk || !pub.IsOk)
            throw new Refusal("validating", "storage", $"cannot make {Places.Key}: {(key.IsOk ? pub : key).Said}", "wg0.conf");
        Files.Put(Places.Key, key.Output);
        Files.Put(Places.PublicKey, pub.Output);
        if (!change.Changed.Contains("wg0.conf"))
            change.Changed.Add("wg0.conf");
        return key.Output.TrimEnd();
    }
}
