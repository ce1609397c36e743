# One transaction from one nftables.nft to another that differs from it in nothing but elements of sets and maps:
#   diff OLD NEW | awk -f elements.awk OLD NEW -
# Prints "delete element" and "add element" of table inet chatops; exits 1 when anything else differs.
# An element stands alone on a line of six spaces, in a block "    elements = {" ... "    }" of a set or map, whatever its name.
# All other lines, without the frames of such blocks, must be the same in both.

BEGIN { files = 0 }
FNR > 1 && files < 3 && substr($0, 1, 6) == "      " { next }
FNR == 1 && files < 3 { files++; name = "" }
files < 3 {
    # The line after which things are so: in_set says in which block of elements.
    at[files, ++lines[files]] = FNR
    if ($0 == "    elements = {" && name != "") { in_set[files, lines[files]] = name; framed = 1; next }
    if ($0 == "    }" && framed) { framed = 0; next }
    if ($0 ~ /^  (set|map) [A-Za-z0-9_]+ \{$/) name = $2
    else if ($0 == "  }") name = ""
    frame[files] = frame[files] $0 "\n"
    next
}

# From here on the difference: "5,6c7", "< gone", "---", "> come".
FNR == 1 && frame[1] != frame[2] { failed = 1; exit 1 }
/^[0-9]/ {
    split($0, part, /[acd]/)
    line[1] = part[1] + 0
    line[2] = part[2] + 0
    next
}
/^< / { change(1); next }
/^> / { change(2); next }
$0 != "---" { failed = 1; exit 1 }

function change(side,   set, text) {
    while (here[side] < lines[side] && at[side, here[side] + 1] <= line[side]) here[side]++
    if (at[side, here[side]] == line[side]++) return
    set = in_set[side, here[side]]
    text = substr($0, 9)
    # So strict because nothing else looks at what is added: no quote, brace, semicolon, backslash or variable.
    if (set == "" || text !~ /^[a-z0-9][a-z0-9 .:\/-]*,$/) { failed = 1; exit 1 }
    text = substr(text, 1, length(text) - 1)
    # What goes is named by its key.
    if (side == 1) sub(/ (limit|counter|quota|timeout) .*/, "", text)
    if (!((side, set) in list)) { order[side, ++sets[side]] = set; list[side, set] = text }
    else list[side, set] = list[side, set] ", " text
}

END {
    if (failed || files < 3) exit 1
    for (side = 1; side <= 2; side++)
        for (i = 1; i <= sets[side]; i++)
            print (side == 1 ? "delete" : "add") " element inet chatops " order[side, i] " { " list[side, order[side, i]] " }"
}
