"""Drives a real kernel through jupyter_client and prints what it answered, as one JSON object.

Usage: client.py DIRECTORY COMMAND... where COMMAND starts the kernel and gets the connection file as its last argument.
The judging is left to kernel.test.ts, what the cells are to client.ts; here things are only done and written down.
"""
import json
import os
import sys
import threading
import time

import zmq
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.session import Session

directory, *command = sys.argv[1:]


class Manager(KernelManager):
    @property
    def kernel_spec(self):
        return KernelSpec(
            argv=[*command, "{connection_file}"], display_name="test", language="typescript", interrupt_mode="message"
        )


def execute(client, code, timeout=20, **options):
    """Runs a cell; its reply and everything published for it, in order."""
    published = []
    reply = client.execute_interactive(
        code,
        timeout=timeout,
        allow_stdin=False,
        output_hook=lambda m: published.append({"type": m["msg_type"], "content": m["content"]}),
        **options,
    )
    return {"reply": reply["content"], "published": published}


def request(client, name, *args):
    asked = getattr(client, name)(*args)
    while True:
        reply = client.get_shell_msg(timeout=10)
        if reply["parent_header"]["msg_id"] == asked:
            return reply["content"]


def heartbeat(client, times=20):
    """Round trips of the heartbeat, in milliseconds."""
    context = zmq.Context()
    socket = context.socket(zmq.REQ)
    socket.linger = 0
    socket.connect(f"tcp://127.0.0.1:{client.hb_port}")
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        socket.send(b"ping")
        if not socket.poll(2000):
            return None
        socket.recv()
        spent.append((time.perf_counter() - start) * 1e3)
    socket.close()
    context.term()
    return sorted(spent)


def interrupted(manager, client, code, before_stop=lambda: None):
    """Runs a cell that does not end by itself, and stops it."""
    stopped_at = []

    def stop():
        before_stop()
        stopped_at.append(time.perf_counter())
        manager.interrupt_kernel()

    timer = threading.Timer(0.3, stop)
    timer.start()
    result = execute(client, code, timeout=10)
    if not stopped_at:
        raise RuntimeError(f"ended by itself: {code}: {result}")
    result["milliseconds"] = (time.perf_counter() - stopped_at[0]) * 1e3
    timer.join()
    return result


def raw_execute(client, frames_key, code):
    """Sends an execute request signed with another key on a socket of its own; whether anything came back."""
    session = Session(key=frames_key, signature_scheme="hmac-sha256")
    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.connect(f"tcp://127.0.0.1:{client.shell_port}")
    session.send(socket, "execute_request", content={"code": code, "silent": False})
    answered = bool(socket.poll(700))
    socket.close()
    context.term()
    return answered


def welcome(client):
    """The first message that a new subscriber hears."""
    context = zmq.Context()
    socket = context.socket(zmq.SUB)
    socket.linger = 0
    socket.connect(f"tcp://127.0.0.1:{client.iopub_port}")
    socket.subscribe(b"")
    session = Session(key=client.session.key, signature_scheme="hmac-sha256")
    frames = socket.recv_multipart() if socket.poll(2000) else None
    topic, parts = session.feed_identities(frames)
    message = session.deserialize(parts)
    socket.close()
    context.term()
    return {"type": message["msg_type"], "content": message["content"], "topic": topic[0].decode() if topic else ""}


def orphaned():
    """Whether a kernel ends whose parent dies while a cell loops."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        manager = Manager()
        manager.start_kernel(cwd=directory)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        client.execute("while (true) {}")
        time.sleep(0.3)
        os.write(writer, str(manager.provisioner.process.pid).encode())
        os._exit(0)
    pid = int(os.read(reader, 20))
    os.waitpid(child, 0)
    for _ in range(80):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    os.kill(pid, 9)
    return False


def main():
    results = {"orphan_ended": orphaned()}
    manager = Manager()
    started = time.perf_counter()
    manager.start_kernel(cwd=directory)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=30)
    results["ready"] = (time.perf_counter() - started) * 1e3

    results["kernel_info"] = request(client, "kernel_info")
    message = client.session.msg("kernel_info_request", {})
    client.control_channel.send(message)
    results["kernel_info_on_control"] = client.get_control_msg(timeout=10)["content"]
    results["welcome"] = welcome(client)
    results["is_complete"] = {code: request(client, "is_complete", code) for code in ["1+1", "f(", "} }"]}
    results["comm_info"] = request(client, "comm_info")
    results["history"] = request(client, "history")
    results["complete"] = request(client, "complete", "pro")
    results["inspect"] = request(client, "inspect", "process")

    with open(os.path.join(directory, "cells.json")) as file:
        cells = json.load(file)
    results["cells"] = {name: [execute(client, code) for code in codes] for name, codes in cells.items()}
    results["expressions"] = execute(client, "1", user_expressions={"good": "1 + 1", "bad": "nobody"})
    results["silent"] = execute(client, "console.log('quiet'); 5", silent=True)
    # Cells sent all at once, as Run All does: what follows the error is dropped. The failing one takes its time, so that the
    # others have reached the kernel by then on a busy machine, too.
    failing = "await new Promise((later) => setTimeout(later, 500)); throw new Error('stop')"
    ids = [client.execute(code) for code in ["let q = 1", failing, "q = 2", "q = 3"]]
    replies = {}
    while len(replies) < len(ids):
        reply = client.get_shell_msg(timeout=10)
        replies[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
    results["stop_on_error"] = [replies[each] for each in ids] + [execute(client, "q")]

    execute(client, "let kept = 42")
    beats = []
    results["interrupts"] = {
        name: interrupted(manager, client, code, (lambda: beats.extend(heartbeat(client) or [])) if name == "loop" else lambda: None)
        for name, code in {
            "loop": "while (true) {}",
            "swallowing": "while (true) { try { while (true) {} } catch {} }",
            "regex": "/(a+)+b/.test('a'.repeat(40))",
            "wait": "await new Promise(() => {})",
            "loop behind a wait": "await null; while (true) {}",
            "microtasks": "for (;;) await null",
            "timer": "await new Promise(() => setTimeout(() => { while (true) {} }, 10))",
        }.items()
    }
    results["heartbeat"] = beats
    results["kept"] = execute(client, "kept")

    results["badly_signed"] = raw_execute(client, b"another key", "kept = 0")
    results["unsigned"] = raw_execute(client, b"", "kept = 0")
    results["kept_after_bad"] = execute(client, "kept")
    client.shell_channel.send(client.session.msg("frobnicate_request", {}))
    results["after_unknown"] = execute(client, "kept")

    results["lines"] = execute(client, "for (let i = 0; i < 20000; i++) console.log(i)")
    text = "".join(m["content"]["text"] for m in results["lines"]["published"] if m["type"] == "stream")
    results["lines"] = {"whole": text == "".join(f"{i}\n" for i in range(20000)), "messages": len(results["lines"]["published"])}

    spent = []
    for _ in range(100):
        start = time.perf_counter()
        execute(client, "1+1")
        spent.append((time.perf_counter() - start) * 1e3)
    results["round_trip"] = sorted(spent)[50]

    results["exit"] = execute(client, "console.log('before'); globalThis.process.exit(3); console.log('after')")
    results["exit_in_cell"] = manager.provisioner.process.wait(timeout=10)
    manager.restart_kernel()
    client.wait_for_ready(timeout=30)
    results["after_restart"] = execute(client, "typeof kept")

    process = manager.provisioner.process
    started = time.perf_counter()
    client.shutdown()
    reply = client.get_control_msg(timeout=10)
    results["shutdown_reply"] = reply["content"]
    results["exit_code"] = process.wait(timeout=10)
    results["shutdown"] = (time.perf_counter() - started) * 1e3
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    print(json.dumps(results))


main()
