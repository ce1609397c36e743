using System.Collections.Immutable;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Chat;

/// <summary>Typing at a terminal: keys go in, and what stands on the last row comes out.</summary>
public sealed class LineEditorSpecs
{
    private static readonly ConsoleKeyInfo Enter = new('\r', ConsoleKey.Enter, false, false, false);
    private static readonly ConsoleKeyInfo Tab = new('\t', ConsoleKey.Tab, false, false, false);
    private static readonly ConsoleKeyInfo Left = new('\0', ConsoleKey.LeftArrow, false, false, false);

    private readonly StringWriter _out = new();

    [Fact]
    public void A_line_longer_than_the_window_never_takes_a_second_row()
    {
        var line = "expose vm2:8080 on 80 because \"" + new string('x', 300) + "\"";
        Assert.Equal(line, Read(80, new SaidBefore(null), [.. Typed(line), Enter]));
        Assert.All(_out.ToString().Split('\r'), row => Assert.InRange(Visible(row).Length, 0, 79));
    }

    [Fact]
    public void Keys_move_and_cut_by_words()
    {
        Assert.Equal(
            "expose vm3:8080 on 80",
            Read([
                .. Typed("expose vm2:8080 on 80"),
                Control(ConsoleKey.LeftArrow),
                Control(ConsoleKey.LeftArrow),
                Left,
                Control(ConsoleKey.W),
                .. Typed("vm3:8080"),
                Enter,
            ])
        );
        Assert.Equal(
            "list on 80",
            Read([
                .. Typed("on 80 list "),
                Left,
                Control(ConsoleKey.W),
                Control(ConsoleKey.A),
                Control(ConsoleKey.Y),
                .. Typed(" "),
                Control(ConsoleKey.E),
                Control(ConsoleKey.H),
                Control(ConsoleKey.H),
                Enter,
            ])
        );
        Assert.Equal("80", Read([.. Typed("on 80"), Left, Left, Control(ConsoleKey.U), Enter]));
        Assert.Equal("on ", Read([.. Typed("on 80"), Left, Left, Control(ConsoleKey.K), Enter]));
    }

    [Fact]
    public void Control_C_takes_back_a_line_and_ends_on_an_empty_one_when_pressed_twice()
    {
        Assert.Equal("vms", Read([.. Typed("unexpose 80"), Control(ConsoleKey.C), .. Typed("vms"), Enter]));
        Assert.Equal("vms", Read([Control(ConsoleKey.C), .. Typed("vms"), Enter]));
        Assert.Null(Read([Control(ConsoleKey.C), Control(ConsoleKey.C)]));
        Assert.Null(Read([Control(ConsoleKey.D)]));
    }

    [Fact]
    public void What_was_typed_before_is_found_again_after_a_restart_without_its_reasons()
    {
        using var folder = new TempFolder();
        var before = new SaidBefore(folder.In("typed"));
        foreach (var line in new[] { "expose vm2:8080 on 80 because \"olga asked\"", "forget olga", "vms" })
            Read(80, before, [.. Typed(line), Enter]);
        Assert.DoesNotContain("olga", File.ReadAllText(folder.In("typed")), StringComparison.Ordinal);
        var again = new SaidBefore(folder.In("typed"));
        Assert.Equal("vms", Read(80, again, [new('\0', ConsoleKey.UpArrow, false, false, false), Enter]));
        Assert.Equal("expose vm2:8080 on 80", Read(80, again, [Control(ConsoleKey.R), .. Typed("8080"), Enter]));
    }

    [Fact]
    public void Tab_types_what_candidates_have_in_common_and_lists_them()
    {
        Assert.Equal("vm ", Read([.. Typed("vm"), Tab, Tab, .. Typed(" "), Enter])![..3]);
        Assert.Contains("add", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_speaks_is_completed_in_front_of_a_line_and_behind_as()
    {
        Assert.Equal("operator: vms", Read([.. Typed("oper"), Tab, .. Typed("vms"), Enter]));
        Assert.Equal("as approver ", Read([.. Typed("as ap"), Tab, Enter]));
        Assert.Equal("approv", Read([.. Typed("appr"), Tab, Tab, Enter]));
        Assert.Contains("approver:", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_names_of_a_command_are_completed_as_its_own()
    {
        Assert.Equal(
            Suggestions.Of("expose ", Vocabulary.Empty).Select(s => s["expose ".Length..]),
            Suggestions.Of("forward ", Vocabulary.Empty).Select(s => s["forward ".Length..])
        );
        Assert.Contains("forward", Suggestions.Of("forw", Vocabulary.Empty));
    }

    [Fact]
    public void As_somebody_is_who_speaks_from_then_on()
    {
        ImmutableArray<Speaker> users = [new(new Actor("local", "olga", "olga"), [Role.Operator])];
        Assert.Equal("olga", NamedLine.Becoming(" as Olga ", users)?.Actor.Id);
        Assert.Null(NamedLine.Becoming("as nobody", users));
        Assert.Null(NamedLine.Becoming("list", users));
    }

    private string? Read(params ConsoleKeyInfo[] keys) => Read(80, new SaidBefore(null), keys);

    private string? Read(int width, SaidBefore before, ConsoleKeyInfo[] keys)
    {
        var queue = new Queue<ConsoleKeyInfo>(keys);
        return new LineEditor(new TerminalWriter(_out, isTerminal: true), before, ["operator", "approver"], queue.Dequeue, () =>
            width
        ).ReadLine("viewer> ", Vocabulary.Empty);
    }

    private static IEnumerable<ConsoleKeyInfo> Typed(string text) =>
        text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));

    private static ConsoleKeyInfo Control(ConsoleKey key) => new('\0', key, false, false, true);

    // Without what moves the cursor or colours.
    private static string Visible(string row) => System.Text.RegularExpressions.Regex.Replace(row, "\u001b\\[[0-9;]*[A-Za-z]", "");
}
