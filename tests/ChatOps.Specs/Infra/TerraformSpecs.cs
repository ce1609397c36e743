using System.Text.Json;
using System.Text.RegularExpressions;
using ChatOps.Core.Language.Commands;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

public sealed partial class TerraformSpecs
{
    private const string Addresses = "203.0.113.20,2001:db8::20";
    private const string Key = "SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDgq0mPWhuYQyQ6sBE";
    private static readonly string Folder = Path.Combine(Checkout.Root, "infra", "threefold");

    [TerraformFact]
    public async Task Every_file_is_terraform() =>
        Assert.Equal(
            ["main.tf", "outputs.tf", "terraform.tfvars.example", "variables.tf", "versions.tf"],
            (await FilesAsync()).EnumerateObject().Select(f => f.Name).Order(StringComparer.Ordinal)
        );

    [TerraformFact]
    public async Task The_sizes_are_those_of_the_table()
    {
        var main = (await FilesAsync()).GetProperty("main.tf");
        var sizes = main.GetProperty("locals")[0].GetProperty("sizes").EnumerateObject();
        Assert.Equal(
            [("large", 4, 8, 100), ("medium", 2, 4, 50), ("small", 1, 2, 25)],
            sizes
                .Select(s => (s.Name, Number(s, "vcpus"), Number(s, "memory_gb"), Number(s, "storage_gb")))
                .OrderBy(s => s.Name, StringComparer.Ordinal)
        );
        foreach (var (machine, size) in new[] { ("gateway", "var.size"), ("vm", "each.value.size") })
        {
            var vm = Machine(main, machine);
            Assert.Equal($"${{local.sizes[{size}].vcpus}}", vm.GetProperty("cpu").GetString());
            Assert.Equal($"${{local.sizes[{size}].memory_gb * 1024}}", vm.GetProperty("memory").GetString());
            Assert.Equal($"${{local.sizes[{size}].storage_gb * 1024}}", vm.GetProperty("rootfs_size").GetString());
        }
    }

    [TerraformFact]
    public async Task Only_the_gateway_has_public_addresses()
    {
        var main = (await FilesAsync()).GetProperty("main.tf");
        Assert.True(Machine(main, "gateway").GetProperty("publicip").GetBoolean());
        Assert.DoesNotContain(Machine(main, "vm").EnumerateObject(), p => p.Name.StartsWith("publicip", StringComparison.Ordinal));
    }

    [TerraformFact]
    public async Task Its_gateway_line_is_understood_before_and_after_the_host_key_is_known()
    {
        foreach (var key in new[] { null, Key })
        {
            var line = Filled(
                await OutputAsync("gateway_add"),
                ("var.gateway_name", "gw1"),
                ("local.gateway_addresses", Addresses),
                ("local.key_clause", key is null ? "" : $" key {key}")
            );
            var command = Assert.IsType<AddGateway>(Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command);
            Assert.Equal("gw1", command.Gateway.ToString());
            Assert.Equal(Addresses, string.Join(',', command.Addresses));
            Assert.Equal(key, command.HostKey?.ToString());
        }
    }

    [TerraformFact]
    public async Task Its_vm_lines_are_understood()
    {
        const string Both = "10.20.3.2,45f:6cd6:8c6d:6c73:ff0f:6c97:11e3:4e84";
        var template = QuotedLine().Match(await OutputAsync("vm_add")).Groups[1].Value;
        var line = Filled(template, ("name", "vm1"), ("addresses", Both), ("var.gateway_name", "gw1"));
        var command = Assert.IsType<AddVm>(Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command);
        Assert.Equal(("vm1", Both, "gw1"), (command.Vm.ToString(), string.Join(',', command.Addresses), command.At.ToString()));
    }

    [TerraformFact]
    public async Task The_configuration_with_a_private_key_is_marked_sensitive() =>
        Assert.True(
            (await FilesAsync())
                .GetProperty("outputs.tf")
                .GetProperty("output")
                .GetProperty("access_wg_config")[0]
                .GetProperty("sensitive")
                .GetBoolean()
        );

    private static async Task<JsonElement> FilesAsync()
    {
        var parse = Path.Combine(Folder, "check", "parse.js");
        var parsed = await Script.RunAsync(
            "node",
            [parse, Folder],
            new Dictionary<string, string> { ["NODE_PATH"] = TerraformFactAttribute.Modules }
        );
        Assert.True(parsed.Exit == 0, parsed.Errors);
        return JsonDocument.Parse(parsed.Output).RootElement;
    }

    private static async Task<string> OutputAsync(string name) =>
        (await FilesAsync()).GetProperty("outputs.tf").GetProperty("output").GetProperty(name)[0].GetProperty("value").GetString()!;

    private static JsonElement Machine(JsonElement main, string name) =>
        main.GetProperty("resource").GetProperty("grid_deployment").GetProperty(name)[0].GetProperty("vms")[0];

    private static int Number(JsonProperty size, string name) => size.Value.GetProperty(name).GetInt32();

    // As Terraform would: every reference must be one that the test knows.
    private static string Filled(string template, params (string Reference, string Value)[] samples) =>
        Reference().Replace(template, m => samples.Single(s => s.Reference == m.Groups[1].Value).Value);

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Reference();

    [GeneratedRegex("\"(vm add [^\"]*)\"")]
    private static partial Regex QuotedLine();
}
