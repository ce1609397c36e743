namespace ChatOps.FunctionsHost;

/// <summary>The published folder cannot be hosted: a file, a setting or the handler itself is not as it must be. The process ends with 2.</summary>
internal sealed class HostingException(string message, Exception? inner = null) : Exception(message, inner);
