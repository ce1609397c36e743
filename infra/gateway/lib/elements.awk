# One transaction from one nftables.nft to another that differs from it in nothing but elements of sets and maps. Reads
#   the lines of the old one that do not begin with six spaces, as "grep -n" prints them; a line "new"; those of the new one likewise;
#   a line "difference"; what "diff" prints of the two.
# Prints "delete element" and "add element" of table inet chatops; exits 1 when anything else differs.
# An element stands alone on a line of six spaces, in a block "    elements = {" ... "    }" of a set or map, whatever its name.
# All other lines, without the frames of such blocks, must be the same in both. A port that closes takes what was counted with it.

BEGIN { side = 1 }
$0 == "new" { side = 2; name = ""; next }
$0 == "difference" {
    side = 3
    if (frame[1] != frame[2]) exit failed = 1
    next
}
side < 3 {
    text = substr($0, index($0, ":") + 1)
    # The line after which things are so: in_set says in which block of elements.
    at[side, ++lines[side]] = $0 + 0
    if (text == "    elements = {" && name != "") { in_set[side, lines[side]] = name; framed = 1; next }
    if (text == "    }" && framed) { framed = 0; next }
    if (text ~ /^  (set|map) [A-Za-z0-9_]+ \{$/) { name = text; sub(/^  [a-z]+ /, "", name); sub(/ \{$/, "", name) }
    else if (text == "  }") name = ""
    frame[side] = frame[side] text "\n"
    next
}

# From here on the difference: "5,6c7", "< gone", "---", "> come".
/^[0-9]/ {
    split($0, part, /[acd]/)
    line[1] = part[1] + 0
    line[2] = part[2] + 0
    next
}
/^< / { change(1); next }
/^> / { change(2); next }
$0 != "---" { exit failed = 1 }

function change(side,   set, text) {
    while (here[side] < lines[side] && at[side, here[side] + 1] <= line[side]) here[side]++
    if (at[side, here[side]] == line[side]++) return
    set = in_set[side, here[side]]
    text = substr($0, 9)
    # So strict because nothing else looks at what is added: no quote, brace, semicolon, backslash or variable.
    if (set == "" || text !~ /^[a-z0-9][a-z0-9 .:\/-]*,$/) exit failed = 1
    text = substr(text, 1, length(text) - 1)
    # What goes is named by its key.
    if (side == 1) sub(/ (limit|counter|quota|timeout) .*/, "", text)
    if (set ~ /^(dnat|proxied)[46]$/) keep_or_forget(side, substr(set, length(set)), text)
    if (!((side, set) in list)) { order[side, ++sets[side]] = set; list[side, set] = text }
    else list[side, set] = list[side, set] ", " text
}

# A port that goes and comes leads elsewhere: it stays open.
function keep_or_forget(side, family, text) {
    sub(/ : .*/, "", text)
    if (side == 1) gone[family, ++ports[family]] = text
    else stays[family, text] = 1
}

function forget(family,   i, list) {
    for (i = 1; i <= ports[family]; i++)
        if (!((family, gone[family, i]) in stays)) list = list (list == "" ? "" : ", ") gone[family, i]
    if (list == "") return
    # What nobody has used is not there; adding what is there does no harm.
    for (i = 1; i <= 3; i++) {
        print "add element inet chatops " counted[i] family " { " list " }"
        print "delete element inet chatops " counted[i] family " { " list " }"
    }
}

END {
    if (failed || side < 3) exit 1
    for (side = 1; side <= 2; side++)
        for (i = 1; i <= sets[side]; i++)
            print (side == 1 ? "delete" : "add") " element inet chatops " order[side, i] " { " list[side, order[side, i]] " }"
    split("traffic answered opened", counted)
    forget(4)
    forget(6)
}
