namespace ChatOps.Core.Domain.Authority;

/// <summary>Who may give a command, and how many approvals it needs before it takes effect.</summary>
/// <param name="Approvals">How many approvers; 0 for none.</param>
public sealed record Access(Role Who, int Approvals = 0);
