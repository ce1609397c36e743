namespace ChatOps.Local;

/// <summary>Where the socket is over which programs on this machine say lines.</summary>
internal static class SocketFile
{
    /// <summary>That of the service, in a folder that the package makes.</summary>
    public const string Usual = "/run/chatops-server/chatops.sock";

    public static string In(string data) => Path.Combine(data, "chatops.sock");

    /// <summary>The one that is meant when nobody says which: the service's, or one of a <c>./run</c> in this folder.</summary>
    public static string Find() => new[] { Usual, In(ServingData), In(".run/data"), In(".run/own") }.FirstOrDefault(File.Exists) ?? Usual;

    private const string ServingData = Serving.ServeSettings.UsualData;
}
