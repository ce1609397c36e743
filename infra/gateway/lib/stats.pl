# What has been counted, as the inner part of a JSON object. Perl and not nft, because "nft list" goes through all elements of all
# sets whatever is asked for, and takes a second for what the kernel tells in a tenth. Only what comes with Debian's perl-base.
# Called with the folder of HAProxy's socket.
use strict;
use warnings;
use Socket qw(AF_UNIX SOCK_STREAM SOCK_RAW pack_sockaddr_un);

my $run = shift // '/run/chatops';

# linux/netlink.h, linux/netfilter/nf_tables.h
use constant { NETLINK => 16, NETFILTER => 12, DUMP => 0x301, ERROR => 2, DONE => 3, SUBSYSTEM => 10 << 8, INET => 1 };
use constant { GET_ELEMENTS => 13, GET_OBJECTS => 19, COUNTER => 1 };

# --- Counters in our table ---------------------------------------------------------------------------------------------

socket my $netlink, NETLINK, SOCK_RAW, NETFILTER or die "no netlink: $!\n";

sub attribute { my ($type, $value) = @_; my $length = 4 + length $value; pack("SS", $length, $type) . $value . "\0" x (-$length % 4) }

# ask KIND ATTRIBUTES: the bodies of all messages that answer.
sub ask {
    my ($kind, @attributes) = @_;
    my $body = pack("CCn", INET, 0, 0) . join '', @attributes;
    syswrite $netlink, pack("LSSLL", 16 + length $body, SUBSYSTEM | $kind, DUMP, 1, 0) . $body or die "netlink: $!\n";
    my @answers;
    while (1) {
        sysread $netlink, my $buffer, 1 << 18 or die "netlink: $!\n";
        for (my $at = 0; $at < length $buffer;) {
            my ($length, $type) = unpack "LS", substr $buffer, $at, 6;
            return @answers if $type == DONE;
            return if $type == ERROR;
            push @answers, substr $buffer, $at + 20, $length - 20;
            $at += ($length + 3) & ~3;
        }
    }
}

# attributes TEXT: by their type, the last of each.
sub attributes {
    my %found;
    for (my $at = 0; $at + 4 <= length $_[0];) {
        my ($length, $type) = unpack "SS", substr $_[0], $at, 4;
        last if $length < 4;
        $found{ $type & 0x3fff } = substr $_[0], $at + 4, $length - 4;
        $at += ($length + 3) & ~3;
    }
    return \%found;
}

my $table = attribute(1, "chatops\0");

# "packets", "bytes" of each element of a set, by PROTOCOL and PORT. The key is the first attribute of an element, two registers of
# four bytes; the counter, where there is one, is an expression of that name, whose bytes come before its packets.
sub elements {
    my ($set, $found) = @_;
    for my $answer (ask(GET_ELEMENTS, $table, attribute(2, "$set\0"))) {
        my $list = attributes($answer)->{3} // next;
        for (my $at = 0; $at < length $list;) {
            my $length = unpack "S", substr $list, $at, 2;
            my $element = substr $list, $at, $length;
            $at += ($length + 3) & ~3;
            my ($protocol, $port) = unpack '@12 C x3 n', $element;
            my $counter = index $element, "counter\0";
            $found->($protocol, $port, $counter < 0 ? (0, 0) : unpack '@' . ($counter + 16) . ' Q> x4 Q>', $element);
        }
    }
}

my (%port, %public);
for my $family (4, 6) {
    elements($_, sub { $public{"$family $_[0] $_[1]"} = 1 }) for "dnat$family", "proxied$family";
    my $at = 0;
    for my $set ("traffic$family", "answered$family", "opened$family") {
        my $column = $at++;
        elements($set, sub {
            my ($protocol, $number, $bytes, $packets) = @_;
            return unless $packets && $public{"$family $protocol $number"};
            my $row = $port{"$family $protocol $number"} //= [0, 0, 0, 0, 0, 0];
            if ($column < 2) { @$row[2 * $column, 2 * $column + 1] = ($packets, $bytes) } else { $row->[4] = $packets }
        });
    }
}

my @counters;
for my $answer (ask(GET_OBJECTS, $table, attribute(3, pack 'N', COUNTER))) {
    my $object = attributes($answer);
    next unless unpack('N', $object->{3}) == COUNTER && $object->{1} eq "chatops\0";
    my $value = attributes($object->{4});
    push @counters, sprintf '"%s":[%s,%s]', unpack('Z*', $object->{2}), unpack('Q>', $value->{2}), unpack('Q>', $value->{1});
}

# --- Connections -------------------------------------------------------------------------------------------------------

# One that came to an address of this machine and to a public port. The first src, dst and dport are those it was opened with.
my %own;
if (open my $addresses, '-|', 'ip', '-o', 'addr') {
    while (<$addresses>) { $own{$1} = 1 if / inet6? ([^ \/]+)/ }
}

sub short {
    my $text = shift;
    return $text unless $text =~ /^[0-9a-f]{4}(:[0-9a-f]{4}){7}$/;
    return Socket::inet_ntop(Socket::AF_INET6(), pack 'H32', $text =~ tr/://dr);
}

my $flows;
unless (open $flows, '<', '/proc/net/nf_conntrack') {
    open $flows, '-|', 'sh', '-c', 'conntrack -L -f ipv4 -o extended; conntrack -L -f ipv6 -o extended' or undef $flows;
}
my %spelled;
while ($flows && defined($_ = <$flows>)) {
    # Over, and remembered for a while.
    next if / (?:TIME_WAIT|CLOSE) /;
    my ($family, $protocol, $address, $number) = /^ipv([46]) +\d+ +\w+ +(\d+) .*?dst=(\S+) sport=\d+ dport=(\d+)/ or next;
    my $key = "$family $protocol $number";
    next unless $public{$key} && $own{ $spelled{$address} //= short($address) };
    ($port{$key} //= [0, 0, 0, 0, 0, 0])->[5]++;
}

# --- The rest ----------------------------------------------------------------------------------------------------------

sub first { open my $file, '<', $_[0] or return $_[1]; my $line = <$file>; chomp $line; $line }

my @peers;
if (-d '/sys/class/net/wg0' && open my $wg, '-|', 'wg', 'show', 'wg0', 'dump') {
    <$wg>;
    while (<$wg>) {
        my ($key, undef, undef, undef, $handshake, $received, $sent) = split /\t/;
        push @peers, qq({"key":"$key","handshake":$handshake,"rx":$received,"tx":$sent});
    }
}

# HAProxy writes CSV: "# pxname,svname,...", a line a server.
my (@backends, $haproxy);
if (socket($haproxy, AF_UNIX, SOCK_STREAM, 0) && connect($haproxy, pack_sockaddr_un("$run/haproxy-stats.sock"))) {
    syswrite $haproxy, "show stat -1 4 -1\n";
    my @names;
    while (<$haproxy>) {
        chomp;
        if (s/^# //) { @names = split /,/; next }
        next unless @names && length;
        my %row;
        @row{@names} = split /,/, $_, -1;
        push @backends, sprintf '{"listener":"%s","server":"%s","up":%s,"current":%d,"total":%d}', @row{qw(pxname svname)},
            $row{status} =~ /^(UP|no check)/ ? 'true' : 'false', $row{scur} || 0, $row{stot} || 0;
    }
}

my ($uptime) = split / /, first('/proc/uptime', '0');
my @load = (split / /, first('/proc/loadavg', '0 0 0'))[0 .. 2];
printf '"boot":"%s","uptime_s":%s,"load":[%s],"ports":[%s],"counters":{%s},"peers":[%s],"backends":[%s],"conntrack":{"count":%d,"max":%d}',
    first('/proc/sys/kernel/random/boot_id', ''), $uptime, join(',', @load),
    join(',', map { my $row = $port{$_}; '[' . join(',', split(/ /, $_), @$row) . ']' } keys %port),
    join(',', @counters), join(',', @peers), join(',', @backends),
    first('/proc/sys/net/netfilter/nf_conntrack_count', 0), first('/proc/sys/net/netfilter/nf_conntrack_max', 0);
