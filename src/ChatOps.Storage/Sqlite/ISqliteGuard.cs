namespace ChatOps.Storage.Sqlite;

internal interface ISqliteGuard
{
    /// <summary>Runs something and says what its failure means.</summary>
    /// <param name="doing">What is being done, for the message: <c>opening</c>, <c>appending to gateway/gw1 in</c>.</param>
    T Guard<T>(string doing, Func<T> action);
}
