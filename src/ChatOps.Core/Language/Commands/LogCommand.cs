using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>A command about the log itself: it proves, gives away or erases, and changes no gateway.</summary>
public abstract record LogCommand(CommandSpec Spec) : Command(Spec);

/// <summary>Check the whole log against all that was signed of it.</summary>
public sealed record VerifyLog(CommandSpec Spec) : LogCommand(Spec);

/// <summary>Give the records of one change with their proofs.</summary>
public sealed record ProveChange(CommandSpec Spec, ChangeRef Change) : LogCommand(Spec);

/// <summary>Give one record with its proof.</summary>
/// <param name="Record">Its number among all records, from 1.</param>
public sealed record ProveRecord(CommandSpec Spec, long Record) : LogCommand(Spec);

/// <summary>Prove that the log has only grown since a checkpoint.</summary>
/// <param name="Size">How many records that checkpoint is for.</param>
public sealed record ProveGrowth(CommandSpec Spec, long Size) : LogCommand(Spec);

/// <summary>Give the whole log with its checkpoints, for somebody who checks it elsewhere.</summary>
public sealed record ExportLog(CommandSpec Spec) : LogCommand(Spec);

/// <summary>Sign checkpoints with a new key from now on.</summary>
public sealed record ChangeLogKey(CommandSpec Spec) : LogCommand(Spec);

/// <summary>Erase a person's name and reasons.</summary>
/// <param name="User">Their id or name.</param>
public sealed record Forget(CommandSpec Spec, string User) : LogCommand(Spec);
