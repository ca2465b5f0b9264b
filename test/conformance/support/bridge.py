"""Puts jupyter_client at the disposal of another program: reads commands and writes what happens, one JSON object a line.

Commands have an `id` that their answer repeats: {"id", "do": "start", …} -> {"id", "ok": {…}} or {"id", "failed": "…"}.
Whatever a kernel sends is written at once as {"message": {…}, "client", "channel", "time"}. Times are seconds of one clock.
"""

import base64
import json
import os
import subprocess
import sys
import threading
import time

import psutil
import zmq
from jupyter_client import BlockingKernelClient, KernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.session import Session

managers = {}
clients = {}
sockets = {}
poller = zmq.Poller()
out = sys.stdout
writing = threading.Lock()


def write(line):
    with writing:
        # jupyter_client has made dates of the texts that are dates.
        out.write(json.dumps(line, default=lambda date: date.isoformat()) + "\n")
        out.flush()


class Manager(KernelManager):
    """A manager of a kernel that need not be installed."""

    def __init__(self, spec):
        super().__init__()
        self._kernel_spec = KernelSpec(display_name="", language="", **spec)


def start(kernel, argv, cwd, env, interruptMode):
    manager = Manager({"argv": argv, "interrupt_mode": interruptMode})
    managers[kernel] = manager
    began = time.perf_counter()
    manager.start_kernel(cwd=cwd, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {"pid": manager.provisioner.pid, "time": began}


def connect(client, kernel, channels, eager=False):
    peer = BlockingKernelClient()
    # With a session of its own: one that is shared would take what a second client hears for a replay.
    peer.load_connection_info(managers[kernel].get_connection_info())
    clients[client] = peer
    if eager:
        # Else a port that is not open yet is tried again after 100 to 200 ms, by dice, which is what a start would then take.
        peer.context.setsockopt(zmq.RECONNECT_IVL, 5)
    peer.start_channels(hb=False, **{name: name in channels for name in ("shell", "iopub", "stdin", "control")})
    for channel in channels:
        socket = getattr(peer, f"{channel}_channel").socket
        sockets[socket] = (client, channel)
        poller.register(socket, zmq.POLLIN)


def disconnect(client):
    for socket in [socket for socket, (owner, _) in sockets.items() if owner == client]:
        poller.unregister(socket)
        del sockets[socket]
    clients.pop(client).stop_channels()


def send(client, channel, type, content, header={}, metadata={}, parent={}, buffers=[], key=None):
    peer = clients[client]
    session = peer.session if key is None else Session(key=key.encode(), session=peer.session.session)
    message = session.msg(type, content, metadata=metadata, parent=parent or None)
    message["header"].update(header)
    socket = getattr(peer, f"{channel}_channel").socket
    began = time.perf_counter()
    session.send(socket, message, buffers=[base64.b64decode(buffer) for buffer in buffers])
    return {"id": message["header"]["msg_id"], "time": began}


def sendFrames(client, channel, frames):
    getattr(clients[client], f"{channel}_channel").socket.send_multipart([base64.b64decode(frame) for frame in frames])


def interrupt(kernel):
    """Presses stop, as front ends do: by a signal or by a message, whichever the kernel's specification says."""
    began = time.perf_counter()
    managers[kernel].interrupt_kernel()
    return {"time": began}


def signal(kernel, number):
    os.kill(managers[kernel].provisioner.pid, number)


def state(kernel):
    """Whether the process lives, and else its exit code."""
    return {"code": managers[kernel].provisioner.process.poll()}


def key(kernel):
    return {"key": managers[kernel].session.key.decode()}


def memory(kernel):
    """What the process and its children occupy, in bytes."""
    process = psutil.Process(managers[kernel].provisioner.pid)
    return {"bytes": sum(each.memory_info().rss for each in [process, *process.children(recursive=True)])}


def kill(kernel):
    managers.pop(kernel).shutdown_kernel(now=True)


def heartbeat(kernel, times):
    """Round trips of the heartbeat in milliseconds; undefined after five seconds of silence."""
    socket = zmq.Context.instance().socket(zmq.REQ)
    socket.linger = 0
    socket.connect(managers[kernel]._make_url("hb"))
    spent = []
    try:
        for _ in range(times):
            began = time.perf_counter()
            socket.send(b"ping")
            if not socket.poll(5000) or socket.recv() != b"ping":
                return {"spent": None}
            spent.append((time.perf_counter() - began) * 1e3)
        return {"spent": spent}
    finally:
        socket.close()


def subscribe(kernel, topic):
    """The first message that a new subscriber of a topic hears within five seconds."""
    manager = managers[kernel]
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.linger = 0
    socket.connect(manager._make_url("iopub"))
    socket.subscribe(topic.encode())
    try:
        if not socket.poll(5000):
            return {"heard": None}
        session = Session(key=manager.session.key)
        topics, parts = session.feed_identities(socket.recv_multipart())
        message = session.deserialize(parts)
        return {"heard": plain(message), "topics": [each.decode() for each in topics]}
    finally:
        socket.close()


def plain(message):
    return {
        "header": message["header"],
        "parent": message["parent_header"],
        "metadata": message["metadata"],
        "content": message["content"],
        "buffers": [base64.b64encode(bytes(buffer)).decode() for buffer in message["buffers"]],
    }


commands = {
    each.__name__: each
    for each in (start, connect, disconnect, send, sendFrames, interrupt, signal, state, key, memory, kill, heartbeat, subscribe)
}


def obey(line):
    command = json.loads(line)
    asked, name = command.pop("id"), command.pop("do")
    try:
        write({"id": asked, "ok": commands[name](**command) or {}})
    except Exception as error:
        write({"id": asked, "failed": f"{type(error).__name__}: {error}"})


def read(socket):
    """What has arrived, with the time, not yet looked at."""
    client, channel = sockets[socket]
    return client, channel, time.perf_counter(), socket.recv_multipart()


def tell(client, channel, arrived, frames):
    session = clients[client].session
    try:
        topics, parts = session.feed_identities(frames)
        message = plain(session.deserialize(parts))
    except Exception as error:
        write({"client": client, "channel": channel, "time": arrived, "unreadable": f"{type(error).__name__}: {error}"})
        return
    topic = topics[0].decode(errors="replace") if channel == "iopub" and topics else None
    write({"client": client, "channel": channel, "time": arrived, "topic": topic, "message": message})


# How long all must be silent before what arrived is looked at: the times of later messages would else hold the time that
# Python takes to read a large one.
SILENCE = 3  # milliseconds
MANY = 200


def main():
    stdin = sys.stdin.fileno()
    poller.register(stdin, zmq.POLLIN)
    pending = b""
    unread = []
    while True:
        ready = [which for which, _ in poller.poll(SILENCE if unread else None)]
        unread += [read(socket) for socket in ready if socket != stdin]
        if not ready or stdin in ready or len(unread) > MANY:
            for each in unread:
                tell(*each)
            unread = []
        if stdin in ready:
            chunk = os.read(stdin, 1 << 20)
            if not chunk:
                break
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                obey(line)
    for client in list(clients):
        disconnect(client)
    for kernel in list(managers):
        kill(kernel)


main()
