using System.Net;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>What is answered when all is done.</summary>
internal sealed partial class Apply
{
    // The last steps, and the answer.
    private string Report(Change change, long validated, long switched)
    {
        Flows.Cut(change);
        var targets = change.Plan.Targets;
        // Do new TCP targets answer from here? For people to read.
        var answers =
            targets.Count > 0 ? Wire.Answer([.. targets.Select(t => (IPAddress.Parse(t.Address), t.Port))], TargetMilliseconds) : [];
        // A power cut before this ends leads back to the confirmed revision, so nobody waits; confirm finds little left to do.
        Store.BeginSync();
        var end = Environment.TickCount64;
        var state = Store.Running == Store.Confirmed ? "confirmed" : "unconfirmed";
        Journal.Say($"apply {revision}: {state} after {end - _started} ms");
        return Answers.Done(json =>
        {
            json.WriteNumber("revision", revision);
            json.WriteString("state", state);
            json.WriteNumber("running", Store.Running);
            json.WriteNumber("confirmed", Store.Confirmed);
            if (state == "unconfirmed")
                json.WriteNumber("reverts_in", seconds);
            json.WriteStartArray("changed");
            foreach (
                var name in Places.Configs.Where(n => change.Changed.Contains(n) || (change.All && n is ("nftables.nft" or "sysctl.conf")))
            )
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartArray("targets");
            foreach (var (target, isThere) in targets.Zip(answers))
            {
                json.WriteStartObject();
                json.WriteString(
                    "target",
                    target.Address.Contains(':') ? $"[{target.Address}]:{target.Port}" : $"{target.Address}:{target.Port}"
                );
                json.WriteBoolean("answers", isThere);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Others.Write(json, "stopped", change.InTheWay());
            if (change.Has("nginx.conf") || change.Has("pgbouncer.ini"))
                Certificates.Write(json, change.New);
            json.WriteStartObject("ms");
            json.WriteNumber("validating", validated - _started);
            json.WriteNumber("switching", switched - validated);
            json.WriteNumber("checking", end - switched);
            json.WriteNumber("total", end - _started);
            json.WriteEndObject();
        });
    }

    // A revision that does not come; nor does its timer.
    private void Drop()
    {
        Files.DeleteFolder(_folder);
        if (_timer is { } timer && timer.Armed() is null)
            timer.Disarm();
    }
}
