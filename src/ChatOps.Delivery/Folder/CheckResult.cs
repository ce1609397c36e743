namespace ChatOps.Delivery.Folder;

/// <summary>What came of a check; its text is a sentence.</summary>
internal abstract record CheckResult
{
    private CheckResult() { }

    public sealed record Passed : CheckResult;

    public sealed record Failed(Check Check, string Said) : CheckResult
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Check.File}: {Said}";
    }

    public sealed record Skipped(Check Check, string Why) : CheckResult
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Check.File} was not checked: {Why}";
    }
}
