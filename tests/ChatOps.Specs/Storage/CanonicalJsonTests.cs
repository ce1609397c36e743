using System.Text.Json;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Specs.Storage;

/// <summary>The rules of RFC 8785, with its own examples where they fit.</summary>
public sealed class CanonicalJsonTests
{
    [Fact]
    public void Members_are_sorted_by_utf_16_units_at_every_level() =>
        Assert.Equal("""{"a":[{"x":2,"y":1}],"b":{"A":2,"a":1},"ä":0}""", Canonical("""{"ä":0,"b":{"a":1,"A":2},"a":[{"y":1,"x":2}]}"""));

    // RFC 8785, 3.2.3: the surrogates of U+1F600 sort before U+FB33, though its code point is greater.
    [Fact]
    public void Members_beyond_the_first_plane_sort_by_their_surrogates() =>
        Assert.Equal(
            "{\"\\r\":1,\"1\":2,\"\u0080\":3,\"\u00f6\":4,\"\u20ac\":5,\"\ud83d\ude00\":6,\"\ufb33\":7}",
            Canonical("""{"\u20ac":5,"\r":1,"\ufb33":7,"1":2,"\ud83d\ude00":6,"\u0080":3,"\u00f6":4}""")
        );

    // RFC 8785, 3.2.2.2.
    [Theory]
    [InlineData("""  "\u0008\u0009\u000a\u000c\u000d"  """, "\"\\b\\t\\n\\f\\r\"")]
    [InlineData("""  "\u000F\u0000\u001f"  """, "\"\\u000f\\u0000\\u001f\"")]
    [InlineData("""  "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"  """, "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"")]
    [InlineData("""  "<>&+\u007f\u2028"  """, "\"<>&+\u007f\u2028\"")]
    public void Strings_have_the_shortest_escapes(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-12", "-12")]
    [InlineData("9007199254740992", "9007199254740992")]
    [InlineData("[ true , false , null ]", "[true,false,null]")]
    [InlineData(" { } ", "{}")]
    public void Whole_numbers_and_literals_are_written_plainly(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    public void Numbers_that_readers_could_take_differently_are_refused(string json) =>
        Assert.Throws<FormatException>(() => Canonical(json));

    [Fact]
    public void Canonical_text_is_its_own_canonical_form()
    {
        var once = Canonical("""{"b":"\u00e9\n","a":[1,{"d":null,"c":"\ud83d\ude00"}]}""");
        Assert.Equal(once, Canonical(once));
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CanonicalJson.Write(document.RootElement);
    }
}
