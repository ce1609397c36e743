"""A second verifier of the log's export and proofs, written from docs/log-format.md. Usage: verify.py FILE VKEY [NOTES...]"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def fail(sentence):
    print(sentence)
    sys.exit(1)


def read_key(text):
    name, key_id, encoded = text.strip().split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 33 or key[0] != 1 or sha(name.encode(), b"\n", key)[:4].hex() != key_id:
        fail("not a key: " + text)
    return name, key


def read_notes(text):
    notes, said, signatures = [], "", []
    for line in text.split("\n") + ["end", ""]:
        if line.startswith("\u2014 "):
            name, content = line[2:].split(" ")
            signatures.append((name, base64.b64decode(content)))
        elif line:
            if signatures:
                notes.append((said, signatures))
                said, signatures = "", []
            said += line + "\n"
    return notes


def has_signed(key, note):
    text, signatures = note
    name, public = read_key(key)
    for signer, content in signatures:
        if signer == name and content[:4] == sha(name.encode(), b"\n", public)[:4]:
            with tempfile.TemporaryDirectory() as folder:
                der = bytes.fromhex("302a300506032b6570032100") + public[1:]
                for file, data in (("key", der), ("text", text.encode()), ("sig", content[4:])):
                    with open(os.path.join(folder, file), "wb") as out:
                        out.write(data)
                done = subprocess.run(
                    ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key", "-sigfile", "sig", "-in", "text"],
                    cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                if done.returncode == 0:
                    return True
    return False


def believe(first, notes):
    """The keys by the size from which they count, and the checkpoints as sizes and roots."""
    keys = [(first, 0)]
    changes = [(n, n[0].split("\n")) for n in notes if n[0].split("\n")[1] == "key change"]
    while True:
        follow = [(lines[3], int(lines[4])) for note, lines in changes
                  if lines[2] == keys[-1][0] and has_signed(lines[2], note) and has_signed(lines[3], note)]
        if not follow:
            break
        if len(set(follow)) > 1:
            fail("two announcements of one key")
        keys.append(follow[0])
    checkpoints = []
    for note in notes:
        origin, size, root = note[0].split("\n")[:3]
        if size == "key change":
            continue
        if origin != read_key(first)[0]:
            fail("a checkpoint of another log")
        size, ends = int(size), [k[1] for k in keys[1:]] + [1 << 62]
        if not any(start <= size <= end and has_signed(key, note) for (key, start), end in zip(keys, ends)):
            fail("a checkpoint that is not signed: %d" % size)
        checkpoints.append((size, root))
    return keys, checkpoints


def root_of(leaves):
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha(b"\x01", root_of(leaves[:half]), root_of(leaves[half:]))


def check_export(lines, first, notes):
    head = json.loads(lines[0])
    records = lines[1:1 + head["records"]]
    for line in lines[1 + head["records"]:]:
        notes += read_notes(json.loads(line)["note"])
    if head["export"] != "chatops-log-v1" or len(records) != head["records"]:
        fail("not all records are there")
    keys, checkpoints = believe(first, notes)
    ends, leaves = {}, []
    for number, line in enumerate(records, 1):
        record = json.loads(line)
        version, before = ends.get(record["stream"], (0, "0" * 64))
        if record["version"] != version + 1 or record["prev"] != before:
            fail("record %d does not follow the one before it" % number)
        for key, size in keys[1:]:
            if size == number and record["data"].get("key") != key:
                fail("record %d does not announce the key" % number)
        ends[record["stream"]] = (version + 1, hashlib.sha256(line).hexdigest())
        leaves.append(sha(b"\x00", line))
    if not checkpoints:
        fail("no checkpoint")
    for size, root in checkpoints:
        if size > len(leaves):
            fail("a tail is missing")
        if base64.b64encode(root_of(leaves[:size])).decode() != root:
            fail("the first %d records are not those that were signed" % size)
    print("whole: %d records" % len(leaves))


def check_proofs(text, first, notes):
    for proof in text.split("c2sp.org/tlog-proof@v1\n")[1:]:
        head, note = proof.split("\n\n", 1)
        lines = head.split("\n")
        index, path = int(lines[1].split(" ")[1]), [base64.b64decode(h) for h in lines[2:]]
        _, checkpoints = believe(first, notes + read_notes(note))
        size, root = checkpoints[-1]
        hashed, last, at = sha(b"\x00", base64.b64decode(lines[0].split(" ")[1])), size - 1, index
        for other in path:
            if at % 2 or at == last:
                hashed = sha(b"\x01", other, hashed)
                while at % 2 == 0 and at:
                    at, last = at // 2, last // 2
            else:
                hashed = sha(b"\x01", hashed, other)
            at, last = at // 2, last // 2
        if last or base64.b64encode(hashed).decode() != root:
            fail("record %d is not proved" % (index + 1))
    print("proved")


def main():
    with open(sys.argv[1], "rb") as file:
        content = file.read()
    with open(sys.argv[2]) as file:
        first = file.readline().strip()
    notes = []
    for name in sys.argv[3:]:
        with open(name, encoding="utf-8") as file:
            notes += read_notes(file.read())
    if content.startswith(b"c2sp.org/tlog-proof@v1\n"):
        check_proofs(content.decode(), first, notes)
    else:
        check_export(content.rstrip(b"\n").split(b"\n"), first, notes)


main()
