using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>The way from one revision to another: what differs, what is to be done, and what went wrong on it.</summary>
internal sealed class Change(Systemd systemd, RevisionFolder old, RevisionFolder @new)
{
    private static readonly Plan Nothing = new([], [], [], [], []);

    public Systemd Systemd { get; } = systemd;

    public RevisionFolder Old { get; } = old;

    public RevisionFolder New { get; } = @new;

    /// <summary>The configuration files that are not the same, by name.</summary>
    public List<string> Changed { get; init; } = [];

    /// <summary>Those of "exposures" and "listeners" that are not the same.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>Whether everything is loaded, whatever differs.</summary>
    public bool All { get; init; }

    /// <summary>On the way back nothing is left to lose: what goes wrong is noted, and the rest still counts.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>Whether nothing of ours runs yet, and the network may still be on its way.</summary>
    public bool IsBoot { get; init; }

    /// <summary>Where the two tables differ in elements alone: the transaction from one to the other.</summary>
    public string? Elements { get; set; }

    /// <summary>Whether that transaction has been loaded already.</summary>
    public bool HasElements { get; set; }

    public Plan Plan { get; set; } = Nothing;

    public Ending Ending { get; set; } = Ending.None;

    public bool IsTouched { get; set; }

    /// <summary>The ways out of this machine before anything was loaded; null as long as nothing comes near them.</summary>
    public DefaultRoutes? Routes { get; set; }

    public (string File, string Text)? Trouble { get; private set; }

    /// <summary>The same way, now that the new revision is at its place.</summary>
    public Change In(RevisionFolder place) =>
        new(Systemd, Old, place)
        {
            Changed = Changed,
            Lists = Lists,
            All = All,
            Elements = Elements,
            HasElements = HasElements,
            Plan = Plan,
            Ending = Ending,
        };

    public bool Has(string name) => All || Changed.Contains(name);

    /// <summary>
    /// Who of this machine stands in the way of clients of what this opens: of ports, and of addresses that are a VM's from now on.
    /// </summary>
    public IReadOnlyList<Standing> InTheWay()
    {
        var mapped = Mapped(New).Except(Has("rules") ? Mapped(Old) : Mapped(New)).Select(FamilyOf).ToHashSet();
        if ((Plan.New.Count == 0 && mapped.Count == 0) || Others.Look() is not { IsEmpty: false } others)
            return [];
        var opened = Plan.New.ToHashSet();
        return
        [
            .. others.InTheWay(
                Exposures.Parse(New.Bytes("exposures"), out _).Where(x => opened.Contains(new(x.Protocol, x.Family, x.Port)))
            ),
            .. mapped.Count == 0 ? [] : others.InTheWayOfAll().Where(s => mapped.Contains(s.Port.Family)),
        ];

        static IEnumerable<string> Mapped(RevisionFolder folder) =>
            folder.Lines("rules").Where(l => l.StartsWith("map ", StringComparison.Ordinal));

        static int FamilyOf(string rule) => rule.Split(' ')[1].Contains(':', StringComparison.Ordinal) ? 6 : 4;
    }

    /// <summary>Something went wrong: the end of this way, unless it is the way back.</summary>
    /// <exception cref="Refusal">It is not.</exception>
    public void Fail(string file, string text)
    {
        Trouble ??= (file, text);
        Journal.Say($"trouble with {file}: {text}");
        if (!KeepsGoing)
            throw new Refusal("switching", "", text, file);
    }

    public void FailIf(string? text, string file)
    {
        if (text is not null)
            Fail(file, text);
    }

    /// <summary>
    /// The names of the files of two revisions that differ; a file of the old one that somebody has edited is not the same as anything.
    /// </summary>
    public static HashSet<string> Differing(
        IReadOnlyList<(string Name, string Sum)> before,
        IReadOnlyList<(string Name, string Sum)> after,
        IEnumerable<string> edited
    )
    {
        var differing = before.ToHashSet();
        differing.SymmetricExceptWith(after);
        HashSet<string> names = [.. differing.Select(s => s.Name), .. edited];

        // What is put into it comes from there.
        if (names.Contains("secrets") && after.Any(s => s.Name == "wg0.conf"))
            names.Add("wg0.conf");
        return names;
    }

    /// <summary>What is to be done besides loading; nothing where the lists are the same.</summary>
    public static Plan PlanOf(byte[] oldExposures, byte[] newExposures, byte[] oldListeners, byte[] newListeners) =>
        Difference.Of(
            Exposures.Parse(oldExposures, out _),
            Exposures.Parse(newExposures, out _),
            Listeners.Parse(oldListeners, out _),
            Listeners.Parse(newListeners, out _)
        );

    public static Plan PlanOf(RevisionFolder old, RevisionFolder @new) =>
        PlanOf(old.Bytes("exposures"), @new.Bytes("exposures"), old.Bytes("listeners"), @new.Bytes("listeners"));

    /// <summary>The way between two revisions that are both on the disk.</summary>
    public static Change Between(
        Systemd systemd,
        RevisionFolder old,
        RevisionFolder @new,
        IEnumerable<string> edited,
        bool keepsGoing,
        bool all
    )
    {
        var differing = Differing(old.Sums(), @new.Sums(), edited);
        var lists = Places.Lists.Where(differing.Contains).ToList();
        return new(systemd, old, @new)
        {
            Changed = [.. Places.Configs.Where(differing.Contains)],
            Lists = lists,
            KeepsGoing = keepsGoing,
            All = all,
            Plan = lists.Count > 0 ? PlanOf(old, @new) : Nothing,
        };
    }

    /// <summary>
    /// Makes what runs the same as the new revision, touching only what is to be loaded or does not run at all. What opens ports comes
    /// last.
    /// </summary>
    public void Load()
    {
        // Of the rest nothing comes near them.
        if (((string[])["sysctl.conf", "addresses", "wg0.conf", "tayga.conf"]).Any(Has))
            Routes ??= DefaultRoutes.Now();
        if (Has("sysctl.conf"))
            Sysctl.Load(this);
        ReservedPorts.Load(this);
        Tunnel.Load(this);
        Addresses.Load(this);
        Proxies.Load(this);
        Routes?.Check(this);
        if (IsTouched || Lists.Contains("listeners"))
            Listening.Check(this);
        if (Has("nftables.nft"))
            Firewall.Load(this);
        Ending.LoadPorts(this);
        Ending.WakeUp(this);
    }
}
