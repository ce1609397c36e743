using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ChatOps.Specs.Conventions;

/// <summary>Folders are namespaces, and they lean on each other in one direction, so that each can be read without the others.</summary>
public sealed class FolderRules
{
    [Theory]
    [InlineData("ChatOps.Core")]
    [InlineData("ChatOps.Storage")]
    [InlineData("ChatOps.Azure")]
    [InlineData("ChatOps.Delivery")]
    [InlineData("ChatOps.Rendering")]
    [InlineData("ChatOps.Proof")]
    [InlineData("ChatOps.Discord")]
    [InlineData("ChatOps.Hosting")]
    [InlineData("ChatOps.Operations")]
    [InlineData("chatops")]
    [InlineData("chatops-verify")]
    [InlineData("ChatOps.Bot")]
    [InlineData("chatops-bot")]
    public void Folders_go_in_no_circle(string project)
    {
        var uses = UsesOf(project);
        var circle = uses.Keys.Select(n => PathBack(uses, n)).FirstOrDefault(p => p is not null);
        Assert.True(circle is null, $"{project}: {string.Join(" -> ", circle ?? [])}");
    }

    /// <summary>What a gateway is and what can happen to it knows of no words; who may say them, of no log.</summary>
    [Theory]
    [InlineData("Domain")]
    [InlineData("Language", "Domain")]
    [InlineData("Decisions", "Domain", "Language")]
    [InlineData("Application", "Domain", "Language", "Decisions")]
    public void A_layer_of_core_leans_on_those_below_it_alone(string layer, params string[] below)
    {
        var uses = UsesOf("ChatOps.Core").Where(u => LayerOf(u.Key) == layer).ToList();
        Assert.NotEmpty(uses);
        Assert.Empty(
            uses.SelectMany(u => u.Value.Where(to => LayerOf(to) != layer && !below.Contains(LayerOf(to))).Select(to => $"{u.Key} -> {to}"))
        );
    }

    // ChatOps.Core.Domain.Values is in Domain.
    private static string LayerOf(string name) => name.Split('.')[2];

    // The shortest way from a folder back to itself; null when there is none.
    private static List<string>? PathBack(Dictionary<string, HashSet<string>> uses, string from)
    {
        var (ways, seen) = (
            new Queue<List<string>>([
                [from],
            ]),
            new HashSet<string>(StringComparer.Ordinal)
        );
        while (ways.TryDequeue(out var way))
        {
            foreach (var next in uses.GetValueOrDefault(way[^1], []))
            {
                if (next == from)
                    return [.. way, next];
                if (seen.Add(next))
                    ways.Enqueue([.. way, next]);
            }
        }

        return null;
    }

    private static Dictionary<string, HashSet<string>> UsesOf(string project)
    {
        using var module = ModuleDefinition.ReadModule(Assembly.Load(project).Location);
        var uses = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var type in module.GetTypes().Where(t => NamespaceOf(t).StartsWith("ChatOps", StringComparison.Ordinal)))
        {
            var used = uses.TryGetValue(NamespaceOf(type), out var known) ? known : uses[NamespaceOf(type)] = new(StringComparer.Ordinal);
            used.UnionWith(
                TypesIn(type)
                    .SelectMany(Parts)
                    .OfType<TypeDefinition>()
                    .Select(NamespaceOf)
                    .Where(n => n != NamespaceOf(type) && n.StartsWith("ChatOps", StringComparison.Ordinal))
            );
        }

        return uses;
    }

    private static string NamespaceOf(TypeDefinition type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static IEnumerable<TypeReference?> TypesIn(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.CustomAttributes.Select(a => a.AttributeType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Methods.SelectMany(TypesIn),
        ];

    private static IEnumerable<TypeReference?> TypesIn(MethodDefinition method) =>
        [
            method.ReturnType,
            .. method.Parameters.Select(p => p.ParameterType),
            .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
            .. method.HasBody ? method.Body.Instructions.SelectMany(TypesIn) : [],
        ];

    private static IEnumerable<TypeReference?> TypesIn(Instruction instruction) =>
        instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
            MethodReference method => [method.DeclaringType, method.ReturnType],
            _ => [],
        };

    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null => [],
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification specified => Parts(specified.ElementType),
            _ => [type],
        };
}
