using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>Bundles as the templates make them: the approved files of the rendering specs, each folder one revision.</summary>
internal sealed class Bundle
{
    /// <summary>The addresses of the gateway that these bundles are for.</summary>
    public static readonly IPAddress[] Own =
    [
        .. new[] { "127.0.0.1", "::1", "203.0.113.10", "2001:db8::10", "10.1.0.1", "400::100:0:0:1", "fe80::10" }.Select(IPAddress.Parse),
    ];

    private readonly Dictionary<string, byte[]> _files;

    private Bundle(string name, Dictionary<string, byte[]> files) => (Name, _files) = (name, files);

    public string Name { get; }

    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>All of them.</summary>
    public static IEnumerable<Bundle> All { get; } =
    [.. Directory.GetDirectories(Folder()).Order(StringComparer.Ordinal).Select(f => Named(Path.GetFileName(f)))];

    public static Bundle Named(string name) =>
        new(
            name,
            Directory
                .GetFiles(Path.Combine(Folder(), name))
                .ToDictionary(f => Path.GetFileName(f), f => File.ReadAllBytes(f), StringComparer.Ordinal)
        );

    /// <summary>A file's text.</summary>
    public string this[string file] => Encoding.ASCII.GetString(_files[file]);

    /// <summary>The bundle with another text of a file.</summary>
    public Bundle With(string file, string text) => With(file, Encoding.Latin1.GetBytes(text));

    /// <summary>The bundle with other bytes of a file.</summary>
    public Bundle With(string file, byte[] bytes) => new(Name, new(_files, StringComparer.Ordinal) { [file] = bytes });

    /// <summary>The bundle with one part of a file's text replaced, which must be there.</summary>
    public Bundle With(string file, string text, string replacement)
    {
        Assert.Contains(text, this[file], StringComparison.Ordinal);
        return With(file, this[file].Replace(text, replacement, StringComparison.Ordinal));
    }

    /// <summary>What is wrong with it when all of it comes at once.</summary>
    public Fault? Check()
    {
        var exposures = Exposures.Parse(_files["exposures"], out var wrongExposure);
        var listeners = Listeners.Parse(_files["listeners"], out var wrongListener);
        return wrongExposure
            ?? wrongListener
            ?? BundleCheck.Check(
                new BundleFiles
                {
                    ToLookAt = _files,
                    Exposures = exposures,
                    Listeners = listeners,
                    Own = Own,
                    Rules = _files.GetValueOrDefault("rules", []),
                }
            );
    }

    /// <summary>What its files are compared with.</summary>
    public Declared Declared() =>
        new(
            new Machine(Own),
            Exposures.Parse(_files["exposures"], out _),
            Listeners.Parse(_files["listeners"], out _),
            Encoding.ASCII.GetString(_files.GetValueOrDefault("rules", [])).Split('\n')
        );

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../ChatOps.Specs/Rendering/snapshots"));
}
