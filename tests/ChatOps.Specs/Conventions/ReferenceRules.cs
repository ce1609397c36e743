using System.Reflection;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;

namespace ChatOps.Specs.Conventions;

/// <summary>What each project may use. The bot of the cloud edition has no way to reach a gateway, and Core depends on nothing.</summary>
public sealed class ReferenceRules
{
    [Theory]
    [InlineData("ChatOps.Core")]
    [InlineData("ChatOps.Rendering", "ChatOps.Core", "Scriban.Signed", "Scriban")]
    [InlineData("ChatOps.Storage", "ChatOps.Core", "Microsoft.Data.Sqlite", "SQLitePCLRaw.*", "Azure.*")]
    [InlineData("ChatOps.Delivery", "ChatOps.Core", "Renci.SshNet", "BouncyCastle.Cryptography")]
    [InlineData("ChatOps.Telemetry", "ChatOps.Core", "OpenTelemetry*", "Azure.*")]
