namespace ChatOps.Proof.Checking;

/// <summary>What a check of the whole log came to.</summary>
/// <param name="Records">How many records were checked.</param>
/// <param name="Root">The root over them, base64.</param>
/// <param name="Checkpoints">How many checkpoints they were held against.</param>
/// <param name="Covered">How many records the last checkpoint is about.</param>
/// <param name="Foreign">How many notes of other logs lay among the checkpoints.</param>
/// <param name="Fault">The first thing that is wrong, as a sentence; null when all is well.</param>
public sealed record Verdict(long Records, string Root, int Checkpoints, long Covered, int Foreign, string? Fault);
