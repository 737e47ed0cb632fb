"""What is acknowledged outlives the server, and no two servers overwrite each other."""

import contextlib
import http.client
import json
import os
import random
import signal
import threading

from labels import LABELS, read_labels

KILLS = 20
MOST_KILLS = 60  # on a busy machine, where few changes are done before a server is killed
NAMES = [str(label) for label in LABELS]
GONE = (OSError, http.client.HTTPException)


def test_what_is_acknowledged_outlives_a_server_that_is_killed_at_any_moment(
    folders, servers, store
):
    """Twenty servers at least, each killed while changes are posted without a pause."""
    dice = random.Random(0)  # noqa: S311 - no secret
    acknowledged, sent = {}, {}
    count = confirmed = 0
    draft = folders.draft_of("ko-1", "one")
    lines = store.lines("ko-1")

    def post_until_killed(client):
        nonlocal count, confirmed
        version = client.json("/api/page/ko-1")["version"]
        while True:
            line, name = dice.randrange(len(lines)), dice.choice(NAMES)
            sent.clear()
            sent[line] = name
            count += 1
            answer = client.post(
                "/api/page/ko-1/change",
                {
                    "kind": "label",
                    "version": version,
                    "name": str(count),
                    "lines": [line],
                    "label": name,
                },
            )
            assert answer.status == 200, answer.body
            version = json.loads(answer.body)["version"]
            acknowledged[line] = name
            confirmed += 1

    kept = 0
    for kill in range(MOST_KILLS):
        if kill >= KILLS and kept > KILLS // 2 and confirmed >= KILLS:
            break
        pid, client = servers.start()
        client.get("/api/page/ko-1")  # it answers, so from now on
        killer = threading.Timer(dice.uniform(0, 0.15), os.kill, (pid, signal.SIGKILL))
        killer.start()
        with contextlib.suppress(GONE):
            post_until_killed(client)
        killer.join()
        if draft.exists():
            labels = read_labels(draft, lines)
            for line, name in acknowledged.items():
                assert NAMES[labels[line]] in {name, sent.get(line)}
            # What was under way may have been done or not; from here on it is what it is.
            acknowledged |= {line: NAMES[labels[line]] for line in sent}
            assert store.open("ko-1").draft.labels.tolist() == labels.tolist()
            kept += 1
    assert kept > KILLS // 2
    assert confirmed >= KILLS


def test_two_servers_at_work_on_one_page_lose_no_acknowledged_change(servers, store, folders):
    lines = store.lines("ko-1")
    clients = [servers.start()[1] for _ in range(2)]
    acknowledged, conflicts = {}, []
    both_loaded = threading.Barrier(2)

    def work(client, mine):
        version = client.json("/api/page/ko-1")["version"]
        both_loaded.wait(30)  # so that the change of one of them is a conflict
        for number, line in enumerate(mine * 6):
            name = NAMES[(line + number) % len(NAMES)]
            while True:
                answer = client.post(
                    "/api/page/ko-1/change",
                    {
                        "kind": "label",
                        "version": version,
                        "name": f"{line} {number}",
                        "lines": [line],
                        "label": name,
                    },
                )
                received = json.loads(answer.body)
                if answer.status == 200:
                    version, acknowledged[line] = received["version"], name
                    break
                assert answer.status == 409
                conflicts.append(line)
                version = received["current"]["version"]

    threads = [
        threading.Thread(target=work, args=(clients[0], [0, 2, 4, 6])),
        threading.Thread(target=work, args=(clients[1], [1, 3, 5, 7])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    labels = read_labels(folders.draft_of("ko-1", "one"), lines)
    assert len(acknowledged) == 8
    assert {line: NAMES[labels[line]] for line in acknowledged} == acknowledged
    assert conflicts
