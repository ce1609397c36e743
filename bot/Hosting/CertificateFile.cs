using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatOps.Bot.Configuration;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// A certificate in PEM files, with those between it and an authority after it. It is read again when the files have changed: whoever
/// renews it need not stop anything.
/// </summary>
internal sealed class CertificateFile
{
    private readonly Lock _lock = new();
    private readonly string _certificate;
    private readonly string _key;
    private SslStreamCertificateContext _current;
    private (Version, Version) _read;

    /// <exception cref="ConfigurationException">It cannot be read.</exception>
    public CertificateFile(string certificate, string key)
    {
        (_certificate, _key) = (certificate, key);
        try
        {
            (_read, _current) = (Versions(), Read());
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw new ConfigurationException($"the certificate {certificate} with the key {key}: {e.Message}", e);
        }
    }

    /// <summary>The one in the files; the former one while they cannot be read, as in the middle of a renewal.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                try
                {
                    if (Versions() is var versions && versions != _read)
                        (_current, _read) = (Read(), versions);
                }
                catch (Exception e) when (IsExpected(e))
                {
                    // Tried again at the next connection.
                }

                return _current;
            }
        }
    }

    // Offline: what is missing between the certificate and its authority is not fetched from elsewhere.
    private SslStreamCertificateContext Read()
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(_certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_certificate, _key), [.. all.Skip(1)], offline: true);
    }

    private (Version, Version) Versions() => (Version.Of(_certificate), Version.Of(_key));

    // An argument that is wrong is a key that is another certificate's.
    private static bool IsExpected(Exception e) =>
        e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException;

    // Of the file itself: what renews certificates often leads a link elsewhere.
    private sealed record Version(string Path, DateTime Written, long Length)
    {
        public static Version Of(string path)
        {
            var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
            return new(file.FullName, file.LastWriteTimeUtc, file.Length);
        }
    }
}
