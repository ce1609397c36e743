using System.Collections.Immutable;
using static ChatOps.Core.Language.Commands.Phrase;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// What people type for the commands who come from other tools: ufw, firewalld, iptables and nft, docker, kubectl, ssh, ngrok, cloudflared,
/// tailscale, wg, fail2ban, Atlantis, and plain English. What would leave something to be assumed is offered and not done.
/// </summary>
internal static class Sayings
{
    private static readonly ImmutableDictionary<string, Saying> All = new Dictionary<string, Saying>
    {
        ["expose"] = new(
            ["open", "forward", "publish", "serve", "port-forward", "portforward", "redirect", "open up", "make public", "dnat", "funnel"],
            [
                Means("NAME TARGET [on|->|to|as|via|at|=] PUBLIC", "expose {TARGET} on {PUBLIC}"),
                Means("NAME PUBLIC [->|to|on|for|into|from|at] TARGET", "expose {TARGET} on {PUBLIC}"),
                Means("NAME VM INNER on|->|to|as PUBLIC", "expose {VM}:{INNER} on {PUBLIC}"),
                Means("NAME INNER of|on|at VM on|->|to|as|at PUBLIC", "expose {VM}:{INNER} on {PUBLIC}"),
                Means("NAME PUBLIC ->|to|for VM INNER", "expose {VM}:{INNER} on {PUBLIC}"),
                Means("NAME PUBLIC ->|to|for INNER on|of|at VM", "expose {VM}:{INNER} on {PUBLIC}"),
                Means("NAME [-L] PORT:VM:INNER", "expose {VM}:{INNER} on {PORT}"),
                Means("allow|let|route|add PUBLIC ->|to TARGET", "expose {TARGET} on {PUBLIC}"),
                Means("allow|let|route|add TARGET on PUBLIC", "expose {TARGET} on {PUBLIC}"),
                Means("NAME VM as|for SERVICE", "expose {VM} as {SERVICE}"),
                Means("NAME SERVICE on|of|from|at VM", "expose {VM} as {SERVICE}"),
                Means("NAME SERVICE on|of|from|at TARGET", "expose {TARGET} as {SERVICE}"),
                Offers("NAME [-p] INNER:PORT [on|->|to|of|for] VM", "expose {VM}:{PORT} on {INNER}", "expose {VM}:{INNER} on {PORT}"),
                Offers("NAME VM INNER:PORT", "expose {VM}:{PORT} on {INNER}", "expose {VM}:{INNER} on {PORT}"),
                Offers("NAME|allow|let|route INNER [->|to|on|for|of|from|at] VM", "expose {VM}:{INNER} on {INNER}"),
                Offers("NAME VM [on|->|to|at|as|:] INNER", "expose {VM}:{INNER} on {INNER}"),
                Offers("NAME VM INNER PORT", "expose {VM}:{INNER} on {PORT}", "expose {VM}:{PORT} on {INNER}"),
                Offers("NAME [to] VM:INNER", "expose {VM}:{INNER} on {INNER}"),
                Offers("TARGET [on|->] PUBLIC", "expose {TARGET} on {PUBLIC}"),
                Offers("PUBLIC [->|to] TARGET", "expose {TARGET} on {PUBLIC}"),
                Offers("docker run -p INNER:PORT VM ...", "expose {VM}:{PORT} on {INNER}"),
                Offers("-p INNER:PORT VM", "expose {VM}:{PORT} on {INNER}", "expose {VM}:{INNER} on {PORT}"),
                Offers("kubectl port-forward VM INNER:PORT", "expose {VM}:{PORT} on {INNER}"),
                Offers("kubectl expose VM --port=PORT --target-port=INNER", "expose {VM}:{INNER} on {PORT}"),
                Offers("kubectl expose VM --port=INNER", "expose {VM}:{INNER} on {INNER}"),
                Offers("ssh -L PORT:VM:INNER ...", "expose {VM}:{INNER} on {PORT}"),
                Offers("ssh -R PORT:VM:INNER ...", "expose {VM}:{INNER} on {PORT}"),
                Offers("ssh -N -L|-R PORT:VM:INNER ...", "expose {VM}:{INNER} on {PORT}"),
                Offers("ngrok tcp|http VM:INNER", "expose {VM}:{INNER} on {INNER}"),
                Offers("tailscale serve|funnel [--bg] PUBLIC TARGET", "expose {TARGET} on {PUBLIC}"),
                Offers("tailscale serve|funnel [--bg] VM:INNER", "expose {VM}:{INNER} on {INNER}"),
                Offers("cloudflared tunnel --url TARGET --hostname PUBLIC", "expose {TARGET} on {PUBLIC}"),
                Offers("cloudflared tunnel [--url] VM:INNER", "expose {VM}:{INNER} on {INNER}"),
                Offers("caddy reverse-proxy --from PUBLIC --to TARGET", "expose {TARGET} on {PUBLIC}"),
                Offers("reverse-proxy|reverse_proxy|proxy_pass|proxy TARGET [on|as] PUBLIC", "expose {TARGET} on {PUBLIC}"),
                Offers("reverse-proxy|reverse_proxy|proxy_pass|proxy PUBLIC [->|to] TARGET", "expose {TARGET} on {PUBLIC}"),
                Offers("iptables -t nat -A PREROUTING -p tcp --dport PORT -j DNAT --to-destination|--to TARGET", "expose {TARGET} on {PORT}"),
                Offers("make|let VM:INNER public|reachable|available", "expose {VM}:{INNER} on {INNER}"),
            ]
        ),
        ["unexpose"] = new(
            ["close", "unpublish", "unforward", "hide", "shut", "stop exposing", "stop forwarding", "stop serving", "stop publishing", "unserve"],
            [
                Means("rm|remove|delete|del|drop|disable|stop PUBLIC", "unexpose {PUBLIC}"),
                Means("rm|remove|delete|del|drop|disable exposure PUBLIC", "unexpose {PUBLIC}"),
                Offers("NAME PUBLIC on|of|->|to|for|from VM|TARGET", "unexpose {PUBLIC}"),
                Offers("ufw delete allow|rule PUBLIC", "unexpose {PUBLIC}"),
                Offers("ufw deny|reject PUBLIC", "unexpose {PUBLIC}"),
                Offers("firewall-cmd --remove-port=PUBLIC ...", "unexpose {PUBLIC}"),
                Offers("block|ban PUBLIC", "unexpose {PUBLIC}"),
                Offers("NAME [all|everything] [on|of|for] VM", "list {VM}"),
                Offers("NAME VM:INNER", "list {VM}"),
                Offers("NAME all|everything", "list"),
            ]
        ),
        ["extend"] = new(["prolong", "keep open", "renew", "lengthen"], []),
        ["plan"] = new(["dry-run", "dry run", "preview", "simulate", "what if", "whatif", "try"], []),
        ["approve"] = new(
            ["accept", "consent to", "sign off"],
            [
                Means("NAME change|changes N", "approve {N}"),
                Means("lgtm|ack|ok|okay|yes|+1 N", "approve {N}"),
                Means("N lgtm|ok|okay|approved", "approve {N}"),
                Means("NAME everything|*", "approve all"),
                Means("NAME all [mine|pending|changes] [to] [decide]", "approve all"),
                Means("NAME it|that|this", "approve"),
                Offers("lgtm|ack|ok|okay|yes|y|+1|approved|go|ship [it] [ahead]", "approve"),
                Offers("atlantis apply", "approve"),
                Offers("atlantis plan", "pending"),
                Offers("atlantis approve_policies", "approve"),
                Offers("apply|confirm|merge N", "approve {N}"),
                Offers("apply|confirm|merge", "pending"),
            ]
        ),
        ["deny"] = new(
            ["reject", "refuse", "decline", "veto", "disapprove"],
            [Offers("NAME NETWORK", "block {NETWORK}"), Offers("nack|no|-1 N", "help deny"), Offers("no|n|nope|nack|-1", "pending")]
        ),
        ["withdraw"] = new(["cancel", "retract", "take back", "abort", "discard"], [Means("NAME change N", "withdraw {N}"), Offers("nevermind|cancel|abort|oops", "pending")]),
        ["break-glass"] = new(["breakglass", "break glass", "break the glass"], [Offers("emergency|override|force N ...", "help break-glass")]),
        ["pending"] = new(
            ["waiting", "queue", "todo", "inbox", "approvals", "requests", "list pending", "show pending", "pending changes", "open changes"],
            [Means("what|what's|whats [is] pending|waiting|left [for] [me|approval]", "pending"), Means("anything [is] pending|waiting [for] [me]", "pending"), Means("changes", "pending")]
        ),
        ["show"] = new(
            ["describe", "details", "view", "inspect", "info"],
            [
                Means("REF", "show {REF}"),
                Means("NAME change|changes|plan|diff N", "show {N}"),
                Means("change|diff N", "show {N}"),
                Means("what is|was|does N", "show {N}"),
                Means("what's|whats N", "show {N}"),
                Offers("N", "show {N}"),
                Offers("NAME VM", "list {VM}", "stats {VM}"),
                Offers("NAME PUBLIC", "list {PUBLIC}", "history {PUBLIC}"),
            ]
        ),
        ["undo"] = new(["revert", "reverse", "back out"], [Means("NAME change N", "undo {N}"), Offers("NAME [that|it|last]", "audit last")]),
        ["rollback"] = new(
            ["roll back", "go back", "restore"],
            [Means("NAME to revision|rev COUNT", "rollback to {COUNT}"), Means("NAME revision|rev COUNT", "rollback to {COUNT}"), Offers("NAME COUNT", "rollback to {COUNT}"), Offers("NAME", "help rollback")]
        ),
        ["allow"] = new(
            ["whitelist", "permit", "allowlist"],
            [
                Means("NAME|let|give VM out|outbound|egress|internet|internet-access", "allow {VM} out"),
                Means("NAME|let|give VM [to] [out|outbound|access|reach] [to|of] [internet]", "allow {VM} out"),
                Means("NAME|enable egress|outbound|internet|out|nat for|from|of VM", "allow {VM} out"),
                Means("nat|masquerade|egress VM", "allow {VM} out"),
                Means("NAME|let from NETWORK [to] [any|only] PORT", "allow {NETWORK} to {PORT}"),
                Means("NAME|let PORT from [only] NETWORK", "allow {NETWORK} to {PORT}"),
                Means("NAME|let NETWORK on|->|in|for|into PORT", "allow {NETWORK} to {PORT}"),
                Means("NAME|let NETWORK reach|use|access|in|to PORT", "allow {NETWORK} to {PORT}"),
                Means("restrict|limit PORT to NETWORK", "allow {NETWORK} to {PORT}"),
                Offers("ufw allow from NETWORK [to] [any] PORT", "allow {NETWORK} to {PORT}"),
                Offers("iptables -A INPUT -s NETWORK -p tcp --dport PORT -j ACCEPT", "allow {NETWORK} to {PORT}"),
                Offers("NAME PUBLIC", "help expose"),
                Offers("ufw allow PUBLIC", "help expose"),
                Offers("firewall-cmd --add-port=PUBLIC ...", "help expose"),
                Offers("iptables -A INPUT -p tcp --dport PUBLIC -j ACCEPT", "help expose"),
            ]
        ),
        ["map"] = new(["1:1", "one-to-one", "binat"], [Means("NAME VM to|->|on ADDRESS", "map {ADDRESS} to {VM}"), Means("NAME ADDRESS [->|to] VM", "map {ADDRESS} to {VM}")]),
        ["snat"] = new(["source-nat"], []),
        ["limit"] = new(
            ["rate-limit", "ratelimit", "throttle", "rate limit"],
            [
                Means("NAME PORT [to|at] COUNT per|a|/ UNIT", "limit {PORT} to {COUNT}/{UNIT}"),
                Means("NAME PORT [to|at] RATE", "limit {PORT} to {RATE}"),
                Means("NAME PORT [to|at] COUNT per|a|/ UNIT per|each|every source|client|address|ip|host", "limit {PORT} to {COUNT}/{UNIT} for each"),
                Means("NAME PORT [to|at] COUNT per|a|/ UNIT altogether|together|overall|total", "limit {PORT} to {COUNT}/{UNIT} for all"),
                Means("NAME PORT [to|at] RATE per|each|every source|client|address|ip|host", "limit {PORT} to {RATE} for each"),
                Means("NAME PORT [to|at] RATE for each|every source|client|address|ip|host", "limit {PORT} to {RATE} for each"),
                Means("NAME PORT [to|at] RATE [for] all|in together|sources|clients|all|total", "limit {PORT} to {RATE} for all"),
                Means("NAME PORT [to|at] RATE altogether|together|overall|total", "limit {PORT} to {RATE} for all"),
                Offers("ufw limit PORT", "help limit"),
                Offers("NAME PORT", "help limit"),
            ]
        ),
        ["block"] = new(
            ["ban", "blacklist", "banip", "blocklist", "shun", "drop from", "keep out"],
            [
                Means("NAME ip|address|host|network|from NETWORK", "block {NETWORK}"),
                Means("drop NETWORK", "block {NETWORK}"),
                Offers("deny|reject from NETWORK", "block {NETWORK}"),
                Offers("ufw deny|reject [from] NETWORK", "block {NETWORK}"),
                Offers("iptables -A|-I INPUT -s NETWORK -j DROP|REJECT", "block {NETWORK}"),
                Offers("nft add rule inet filter input ip saddr NETWORK drop", "block {NETWORK}"),
                Offers("fail2ban-client set VM banip NETWORK", "block {NETWORK}"),
            ]
        ),
        ["remove"] = new(
            ["rm", "delete", "del", "drop", "remove rule", "delete rule", "rm rule"],
            [
                Means("unblock|unban|unbanip|unshun [ip|address] NETWORK", "remove block {NETWORK}"),
                Means("stop blocking NETWORK", "remove block {NETWORK}"),
                Means("unlimit|unthrottle PORT", "remove limit {PORT}"),
                Means("NAME limit on|for|of|from PORT", "remove limit {PORT}"),
                Means("NAME block on|for|of NETWORK", "remove block {NETWORK}"),
                Means("disallow|forbid VM out|egress|internet", "remove allow {VM} out"),
                Offers("fail2ban-client set VM unbanip NETWORK", "remove block {NETWORK}"),
                Offers("ufw delete deny from NETWORK", "remove block {NETWORK}"),
                Offers("disallow NETWORK to|from|on PORT", "remove allow {NETWORK} to {PORT}"),
                Offers("NAME VM", "vm remove {VM}", "peer remove {VM}"),
                Offers("NAME N", "help remove"),
            ]
        ),
        ["rules"] = new(["firewall", "fw", "acl", "acls", "list rules", "show rules", "rule list", "limits", "blocks"], [Means("what|who [is] blocked|limited|banned", "rules"), Means("fail2ban-client status", "rules")]),
        ["vm add"] = new(
            ["add vm", "new vm", "create vm", "register vm", "vm new", "vm create", "vm register", "add machine", "add host", "add server"],
            [Means("NAME VM at|@|=|->|on|with|ip|is ADDRESS", "vm add {VM} {ADDRESS}"), Means("NAME ADDRESS as|named|called VM", "vm add {VM} {ADDRESS}"), Offers("NAME ADDRESS VM", "vm add {VM} {ADDRESS}"), Offers("add VM ADDRESS", "vm add {VM} {ADDRESS}")]
        ),
        ["vm remove"] = new(["remove vm", "rm vm", "delete vm", "del vm", "vm rm", "vm del", "vm delete", "forget vm", "remove machine", "delete machine"], []),
        ["vm change"] = new(
            ["change vm", "update vm", "move vm", "vm set", "vm update", "vm move", "vm address"],
            [Means("NAME VM to|->|at|ip|address|= ADDRESS", "vm change {VM} {ADDRESS}"), Offers("VM is|has [now] [moved] [at] ADDRESS", "vm change {VM} {ADDRESS}")]
        ),
        ["vm rename"] = new(["rename vm", "vm mv", "rename machine"], [Means("NAME OLD to|->|as|into NEW", "vm rename {OLD} {NEW}"), Offers("rename|mv OLD [to|->|as] NEW", "vm rename {OLD} {NEW}", "peer rename {OLD} {NEW}")]),
        ["vms"] = new(["machines", "hosts", "servers", "list vms", "vm list", "vm ls", "ls vms", "show vms", "get vms", "list machines", "instances", "backends"], [Means("vm", "help vm"), Means("which|what vms|machines [are] [there] [exist]", "vms")]),
        ["peer add"] = new(
            ["add peer", "new peer", "peer new", "peer create", "create peer", "add client", "wg add", "invite", "enroll"],
            [Offers("add laptop|phone|notebook", "help peer add"), Offers("wg set VM peer ...", "help peer add")]
        ),
        ["peer rotate"] = new(["rotate", "rekey", "peer rekey", "rotate peer", "rotate key", "peer key"], [Means("NAME key|keys [of|for] PEER", "peer rotate {PEER}"), Means("NAME of|for PEER", "peer rotate {PEER}"), Means("new key for PEER", "peer rotate {PEER}")]),
        ["peer rename"] = new(["rename peer", "peer mv"], [Means("NAME OLD to|->|as|into NEW", "peer rename {OLD} {NEW}")]),
        ["peer remove"] = new(["remove peer", "rm peer", "delete peer", "del peer", "peer rm", "peer del", "peer delete", "kick", "revoke"], []),
        ["peers"] = new(["list peers", "peer list", "peer ls", "ls peers", "show peers", "get peers", "clients", "wg", "wg show", "wireguard", "vpn", "tunnels"], [Means("who|which [peers|is|are] connected|online", "peers")]),
        ["gateway add"] = new(["add gateway", "new gateway", "gateway new", "gateway create", "create gateway", "register gateway"], [Means("NAME GATEWAY at|@|->|on ADDRESS", "gateway add {GATEWAY} {ADDRESS}")]),
        ["gateway change"] = new(["change gateway", "update gateway", "gateway set", "gateway update"], []),
        ["gateway remove"] = new(["remove gateway", "rm gateway", "delete gateway", "gateway rm", "gateway delete", "gateway del"], []),
        ["gateways"] = new(["list gateways", "gateway list", "gateway ls", "ls gateways", "show gateways", "get gateways", "gws", "edges"], []),
        ["list"] = new(
            ["ls", "ports", "exposures", "exposed", "services", "list ports", "list exposures", "list open", "list open ports", "show list", "show ports", "list all", "list everything", "list services", "ps", "endpoints", "ls -l", "ls -la", "open ports"],
            [
                Means("open", "list"),
                Means("what|what's|whats|which [is|are] [all] [ports|services] [are] open|exposed|public|published|forwarded|reachable [now|right] [now]", "list"),
                Means("what|what's|whats [is|are] open|exposed|public [on|for|of] VM", "list {VM}"),
                Means("show [me] [all] open|exposures|everything|services [exposures]", "list"),
                Means("show [me] [all] open|exposures|everything|services of|for|on VM", "list {VM}"),
                Means("list of|for|on VM", "list {VM}"),
                Means("list [for] PUBLIC", "list {PUBLIC}"),
                Means("who|what [has|uses|owns|took|is|holds|runs] [on|behind|using|at] PUBLIC", "list {PUBLIC}"),
                Means("what's|whats|whose [on|behind|is] PUBLIC", "list {PUBLIC}"),
                Means("is PUBLIC open|free|taken|used|closed|public|available|reachable [already|now]", "list {PUBLIC}"),
                Means("where does|is|goes PUBLIC [go|lead|point] [to]", "list {PUBLIC}"),
                Means("list expiring|temporary|expires|soon", "list ending"),
                Means("list idle|stale|dead", "list unused"),
                Means("what|which [ports|exposures|is|are] [is|are|not] unused|idle|stale|used|needed", "list unused"),
                Means("nobody uses|needs|used", "list unused"),
                Means("what|which [ports|is|are] expires|expire|ends|end|closes|expiring|ending [soon|next] [soon]", "list ending"),
                Means("ufw status [verbose|numbered]", "list"),
                Means("firewall-cmd --list-all|--list-ports", "list"),
                Means("iptables -L|-S|-nL [-n] [-v]", "list"),
                Means("iptables -t nat -L|-S [-n]", "list"),
                Means("nft list ruleset|tables|table ...", "list"),
                Means("docker ps|port [-a]", "list"),
                Means("kubectl get svc|services|svc,ingress|ingress|pods", "list"),
                Means("netstat|ss|lsof ...", "list"),
                Means("tailscale serve|funnel status", "list"),
                Means("ngrok|cloudflared list|status", "list"),
            ]
        ),
        ["drift"] = new(["diverged", "out of sync", "check drift"], [Means("any|is [there] drift", "drift"), Means("what|has [has|was|anything] [been] changed by hand", "drift")]),
        ["repair"] = new(["fix drift", "repair drift", "resync"], [Offers("fix|heal|reapply [it|that|everything]", "repair")]),
        ["retry"] = new(["try again", "retry it"], [Offers("again|rerun", "retry")]),
        ["adopt"] = new([], []),
        ["stats"] = new(["traffic", "metrics", "usage", "top", "bandwidth", "counters", "connections", "statistics", "stat"], [Means("NAME of|for|on|in VM", "stats {VM}"), Means("NAME of|for|on|in PUBLIC", "stats {PUBLIC}"), Means("how much|many traffic|connections [on|to|of|has] PUBLIC", "stats {PUBLIC}")]),
        ["status"] = new(
            ["health", "overview", "state", "st", "ping", "uptime", "check", "dashboard", "show status", "get status"],
            [Means("how|how's|hows [is|are] [it|things|you|everything] [going|doing]", "status"), Means("what's|whats up|wrong|broken|down", "status"), Means("what is up|wrong|broken|down", "status"), Means("is everything|all ok|okay|fine|well|up", "status"), Means("systemctl status|is-active ...", "status")]
        ),
        ["help"] = new(
            ["?", "commands", "man", "--help", "-h", "menu", "usage of", "explain", "h"],
            [Means("what can i|you do", "help"), Means("what do i do|type [now]", "help"), Means("how does this|it work", "help"), Means("help me", "help"), Means("start|begin|hi|hello|hey", "help"), Offers("firewall-cmd|iptables|nft|docker|kubectl|ssh|ngrok|cloudflared|tailscale|caddy|nginx|haproxy|ufw ...", "help expose")]
        ),
        ["whoami"] = new(
            ["who am i", "my roles", "roles"], [
                Means("what may i do", "whoami"),
                Means("users|people", "whoami"),
                Offers("user|users|people|person|member|account|role|roles add|new|create|invite|set|give|remove|rm|delete|del ...", "help whoami"),
                Offers("add|new|create|invite|remove|rm|delete|del user|person|member|account|role ...", "help whoami"),
                Offers("adduser|useradd|deluser|userdel|usermod|passwd|grant|promote|demote|gpasswd ...", "help whoami"),
            ]
        ),
        ["version"] = new(["--version", "-v", "which version"], [Means("what version [is] [this]", "version")]),
        ["audit"] = new(
            ["log", "logs", "activity", "changelog", "audit log", "journal", "recent"],
            [
                Means("what|who [has|was] changed|happened ...", "audit"),
                Means("what did|has VM do|done|change|changed", "audit by {VM}"),
                Means("show log|logs|audit|activity", "audit"),
                Offers("what|who [has] changed VM ...", "audit {VM}"),
            ]
        ),
        ["history"] = new(["hist"], [Means("NAME of|for PUBLIC", "history {PUBLIC}"), Means("when was PUBLIC open", "history {PUBLIC}"), Offers("history", "audit")]),
        ["who"] = new([], [Means("who DEED PUBLIC ...", "who {DEED} {PUBLIC}"), Means("who exposed|opened PUBLIC", "who opened {PUBLIC}"), Means("who unexposed|closed PUBLIC", "who closed {PUBLIC}")]),
        ["why"] = new([], [Means("why [is] PUBLIC [open|exposed]", "why is {PUBLIC} open"), Means("why is|was PUBLIC closed", "why is {PUBLIC} closed"), Means("why is PUBLIC not open", "why is {PUBLIC} closed")]),
        ["diff"] = new(["compare"], [Means("NAME [rev|revision|revisions] COUNT,OTHER", "diff rev {COUNT} rev {OTHER}"), Means("NAME [rev|revision|revisions] COUNT [and|to|with|..] [rev|revision] OTHER", "diff rev {COUNT} rev {OTHER}")]),
        ["export"] = new(["download"], [Offers("NAME csv", "export audit as csv"), Offers("NAME", "export audit as csv", "export log")]),
        ["at"] = new([], []),
    }.ToImmutableDictionary();

    /// <summary>Gives each name its sayings; of several forms the first has them.</summary>
    public static IEnumerable<CommandSpec> Said(IEnumerable<CommandSpec> specs)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var spec in specs)
            yield return given.Add(spec.Name) && All.TryGetValue(spec.Name, out var saying)
                ? spec with { Aliases = saying.Aliases, Phrases = saying.Phrases }
                : spec;
    }

    private sealed record Saying(ImmutableArray<string> Aliases, ImmutableArray<Phrase> Phrases);
}
