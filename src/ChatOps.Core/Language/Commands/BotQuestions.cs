using System.Collections.Immutable;

namespace ChatOps.Core.Language.Commands;

/// <summary>Explain the commands, or some.</summary>
public sealed record Help(CommandSpec Spec, HelpTopic? Topic) : Query(Spec, null);

/// <summary>What is to be explained.</summary>
/// <param name="Name">The name of a command, or the word that a family of them begins with: <c>vm</c>.</param>
/// <param name="Forms">The forms of the command, or all that begin with the word.</param>
public sealed record HelpTopic(string Name, ImmutableArray<CommandSpec> Forms);

/// <summary>Say who one is here and what one may.</summary>
public sealed record WhoAmI(CommandSpec Spec) : Query(Spec, null);

/// <summary>Say which version answers.</summary>
public sealed record ShowVersion(CommandSpec Spec) : Query(Spec, null);
