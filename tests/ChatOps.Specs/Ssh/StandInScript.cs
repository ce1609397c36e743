using System.Formats.Tar;
using System.Runtime.Versioning;

namespace ChatOps.Specs.Ssh;

/// <summary>Plays the gateway's program: it answers as told and keeps what it got. A hanging one ends when its folder is gone.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class StandInScript
{
    private const string Text = """
        #!/bin/sh
        cd "$(dirname "$0")" || exit 1
        if [ "$(cat mood 2>/dev/null)" = broken ]; then echo 'chatops-gateway: not found' >&2; exit 127; fi
        if [ "$SSH_ORIGINAL_COMMAND" = session ]; then
          while read -r length verb; do
            echo '{"step":"taken"}'
            if [ "$(cat mood 2>/dev/null)" = curt ] && [ "${verb%% *}" = apply ]; then
              printf '{"ok":false,"step":"storing","code":"storage","error":"no room on this disk","running":8}\n{"exit":1}\n'
              exit 1
            fi
            head -c "$length" | SSH_ORIGINAL_COMMAND=$verb "$0"
            echo '{"exit":'$?'}'
          done
          exit 0
        fi
        if [ "$SSH_ORIGINAL_COMMAND" = version ]; then
          echo "$SSH_CONNECTION" >> asked
          if [ -e protocol ]; then cat protocol; else echo '{"ok":true,"version":"8","protocol":8}'; fi
          exit 0
        fi
        echo "$SSH_CONNECTION" >> connections
        echo "$SSH_ORIGINAL_COMMAND" >> verbs
        case "$(cat mood 2>/dev/null)" in
        junk) printf 'Welcome\033[31m to this machine!\n'; exit 0 ;;
        liar) echo '{"ok":true,"running":8}'; exit 3 ;;
        flood) head -c 9000000 /dev/zero | tr '\0' x; exit 0 ;;
        hang) touch hanging; while [ -e hanging ]; do sleep 0.1; done ;;
        esac
        set -- $SSH_ORIGINAL_COMMAND
        case "$1" in
        apply)
          cat > bundle.tar
          if [ "$(cat mood 2>/dev/null)" = pruned ] && tar -tf bundle.tar base >/dev/null 2>&1; then
            echo '{"ok":false,"step":"patching","code":"base","error":"not here any more","running":8}'
            exit 1
          fi
          echo '{"ok":true,"revision":'"$2"',"state":"unconfirmed","running":'"$2"',"reverts_in":'"$3"',"ms":{"total":1}}' ;;
        confirm)
          if [ "$(cat mood 2>/dev/null)" = confirms ]; then echo '{"ok":true,"revision":'"$2"',"state":"confirmed"}'; exit 0; fi
          echo '{"ok":false,"step":"confirming","code":"reverted","error":"too late","running":8}'; exit 1 ;;
        revert) echo '{"ok":true,"running":8}' ;;
        observe)
          printf '{"ok":true,"running":8,"confirmed":8,"boot":"b","uptime_s":1,"load":[0.5,0,0],'
          printf '"services":{},"conntrack":{"count":1,"max":2}}\n' ;;
        *) echo '{"ok":false,"step":"parsing","error":"what?","running":8}'; exit 1 ;;
        esac
        """;

    private readonly string _folder;

    public StandInScript(string folder)
    {
        _folder = folder;
        Path = In("stand-in");
        File.WriteAllText(Path, Text + "\n");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    /// <summary>
    /// How it behaves from now on: junk, broken, liar, flood, hang, curt (it ends without reading a bundle), confirms, pruned (of all that
    /// a difference could lean on), or as it should.
    /// </summary>
    public string Mood
    {
        set => File.WriteAllText(In("mood"), value);
    }

    public byte[] Bundle => File.ReadAllBytes(In("bundle.tar"));

    /// <summary>What was in the last bundle.</summary>
    public SortedDictionary<string, string> Members
    {
        get
        {
            using var reader = new TarReader(new MemoryStream(Bundle));
            var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
            while (reader.GetNextEntry() is { } entry)
            {
                using var text = new StreamReader(entry.DataStream ?? Stream.Null);
                members[entry.Name] = text.ReadToEnd();
            }

            return members;
        }
    }

    public string[] Verbs => File.Exists(In("verbs")) ? File.ReadAllLines(In("verbs")) : [];

    /// <summary>The connections that the verbs came over, by the client's port.</summary>
    public int Connections => File.ReadAllLines(In("connections")).Distinct().Count();

    /// <summary>What it says from now on when it is asked which protocol it speaks.</summary>
    public string Version
    {
        set => File.WriteAllText(In("protocol"), value);
    }

    /// <summary>How often it was asked that.</summary>
    public int Asked => File.Exists(In("asked")) ? File.ReadAllLines(In("asked")).Length : 0;

    /// <summary>Waits until it hangs in the middle of a verb.</summary>
    public Task HangsAsync() => Eventually.TrueAsync(() => File.Exists(In("hanging")), () => "the stand-in was never reached");

    private string In(string name) => System.IO.Path.Combine(_folder, name);
}
