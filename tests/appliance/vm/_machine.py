"""The two kinds of machine: a qemu virtual machine and a systemd-nspawn container."""
import ctypes
import fcntl
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

import _vm
from _vm import Trouble, say

KNOWN_KEYS = ("size", "fs", "label")
libc = ctypes.CDLL(None, use_errno=True)


# a child started behind this gets SIGKILL when vm-run is gone, however it went
DIE_WITH_US = ["setpriv", "--pdeathsig", "KILL"]


def usb_words(text):
    path, *rest = text.split(",")
    words = dict(size="4G", fs="", label="")
    for w in rest:
        k, eq, v = w.partition("=")
        if k not in KNOWN_KEYS or not eq:
            raise Trouble("--usb: cannot read '%s'" % w)
        words[k] = v
    m = re.fullmatch(r"(\d+)([MG])", words["size"])
    if not m or words["fs"] not in ("", "ext4"):
        raise Trouble("--usb: size takes 512M or 4G, fs takes ext4 (or leave it out for a blank disk)")
    words["bytes"] = int(m[1]) << (20 if m[2] == "M" else 30)
    words["path"] = os.path.abspath(path)
    return words


def run_root():
    for base in (os.path.join(_vm.cache_root(), "run"), os.path.join(tempfile.gettempdir(), "skep-vm-%d" % os.geteuid())):
        try:
            os.makedirs(base, exist_ok=True)
            if os.access(base, os.W_OK | os.X_OK):
                return base
        except OSError:
            pass
    raise Trouble("no folder to work in: neither %s/run nor the temporary folder can be written" % _vm.cache_root())


def sweep(base):
    """Remove what runs that were killed left behind: a run holds a lock on its folder while it lives."""
    for name in os.listdir(base):
        path = os.path.join(base, name)
        if not os.path.isdir(path) or not name.startswith("m-"):
            continue
        lock = os.path.join(path, "lock")
        try:
            fd = os.open(lock, os.O_RDWR)
        except OSError:
            if time.time() - os.stat(path).st_mtime < 60:
                continue          # just being made
            fd = None
        try:
            if fd is not None:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Nspawn.unmount_below(path)
            if cgroup2() and os.geteuid() == 0:
                remove_cgroup(os.path.join(cgroup2(), machine_name(path)))
            shutil.rmtree(path, ignore_errors=True)
        except OSError:
            pass                  # alive
        finally:
            if fd is not None:
                os.close(fd)


def machine_name(folder):
    return "skepvm-" + os.path.basename(folder)[2:].replace("_", "x").lower()


class Machine:
    def __init__(self, a):
        self.a = a
        self.ports = list(a.ports)
        self.image = _vm.image_dir(a.suite)
        self.child = None
        self.timed_out = False

    def __enter__(self):
        base = run_root()
        sweep(base)
        self.dir = tempfile.mkdtemp(prefix="m-", dir=base)
        self.lock = _vm.Lock(os.path.join(self.dir, "lock"))
        self.lock.__enter__()
        return self

    def __exit__(self, kind, *_):
        # a second signal must not stop the cleaning up
        for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(s, signal.SIG_IGN)
        try:
            self.kill()
        finally:
            console = self.path("console")
            if self.a.console and os.path.exists(console):
                shutil.copy(console, self.a.console)
            self.unmake()
            shutil.rmtree(self.dir, ignore_errors=True)
            self.lock.__exit__()

    def path(self, name):
        return os.path.join(self.dir, name)

    def unmake(self):
        pass

    def pack(self, to):
        """What is copied in, as one tar with the names it gets inside."""
        with tarfile.open(to, "w", format=tarfile.PAX_FORMAT, dereference=False) as t:
            def plain(info):
                info.uid = info.gid = 0
                info.uname = info.gname = ""
                return info
            for path, name in self.a.copies:
                t.add(path, arcname=name, filter=plain)

    def wait(self, child, timeout):
        """The exit code of a client that runs a command inside, or TIMED_OUT."""
        self.timed_out = False
        try:
            code = child.wait(timeout)
            return 128 - code if code < 0 else code
        except subprocess.TimeoutExpired:
            self.timed_out = True
            return _vm.TIMED_OUT
        finally:
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(5)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()

    def quietly(self, line, user="root", timeout=60):
        """(exit code, output) of a short command of the harness's own."""
        with tempfile.TemporaryFile() as out:
            code = self.execute(line, user=user, timeout=timeout, stdout=out, stderr=out)
            out.seek(0)
            return code, out.read().decode("utf-8", "replace")

    def last_lines(self):
        try:
            return self.quietly("journalctl --no-pager -n 30 -o short-monotonic", timeout=40)[1]
        except Trouble as t:
            return str(t)

    def journal(self, to):
        with open(to, "wb") as f:
            self.execute("journalctl --no-pager -b -o short-precise", user="root", timeout=120, stdout=f)

    def copy_out(self, inside, here):
        os.makedirs(here, exist_ok=True)
        with tempfile.TemporaryFile() as f:
            where = shlex.quote(inside) if inside.startswith("/") else "/home/ubuntu/" + shlex.quote(inside)
            code = self.execute("p=%s; [ -e $p ] || exit 44; cd \"$(dirname $p)\" && tar -c -- \"$(basename $p)\"" % where,
                                user="root", timeout=300, stdout=f)
            if code == 44:
                say("--copy-out: there is no %s inside" % inside)
                return
            if code:
                raise Trouble("--copy-out: could not pack %s inside (exit %d)" % (inside, code))
            f.seek(0)
            with tarfile.open(fileobj=f) as t:
                for m in t:
                    m.uid, m.gid, m.uname, m.gname = os.getuid(), os.getgid(), "", ""
                    t.extract(m, here, set_attrs=True, filter="data")


class Qmp:
    def __init__(self, folder, name):
        self.s = socket.socket(socket.AF_UNIX)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.s.settimeout(20)
            self.s.connect("/proc/self/fd/%d/%s" % (fd, name))
        finally:
            os.close(fd)
        self.f = self.s.makefile("rw")
        self.f.readline()
        self.call("qmp_capabilities")

    def call(self, what, **args):
        self.f.write(json.dumps({"execute": what, "arguments": args}) + "\n")
        self.f.flush()
        while True:
            line = self.f.readline()
            if not line:
                raise Trouble("qemu closed its control socket")
            got = json.loads(line)
            if "error" in got:
                raise Trouble("qemu: " + got["error"].get("desc", str(got)))
            if "return" in got:
                return got["return"]

    def close(self):
        self.f.close()
        self.s.close()


class Qemu(Machine):
    def boot(self):
        a, image = self.a, self.image
        kernel, initrd = os.path.join(image, "vmlinuz"), os.path.join(image, "initrd")
        self.accel = _vm.pick_accel(a.accel, kernel, initrd)
        cmd = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-machine", "q35",
               "-accel", "kvm" if self.accel == "kvm" else "tcg,thread=multi,tb-size=512",
               "-cpu", "host" if self.accel == "kvm" else "max,la57=off",
               "-m", str(a.mem), "-smp", str(a.cpus), "-kernel", kernel, "-initrd", initrd,
               "-serial", "file:console", "-serial", "file:ready", "-qmp", "unix:qmp,server=on,wait=off",
               "-qmp", "unix:ctl,server=on,wait=off", "-device", "virtio-rng-pci"]
        if a.live:
            cmd += self.disk("vm-live", os.path.join(image, "live.iso"), "raw", "readonly=on")
            words = "BOOT_IMAGE=/casper/vmlinuz layerfs-path=minimal.standard.live.squashfs vm.root=live"
        else:
            disk = os.path.abspath(a.keep_disk) if a.keep_disk else self.path("disk.qcow2")
            if not os.path.exists(disk):
                self.tool("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", os.path.join(image, "disk.raw"), disk)
            # what the guest has flushed must outlive vm-run only where the disk is kept
            cmd += self.disk("vm-root", disk, "qcow2", "cache=" + ("writeback" if a.keep_disk else "unsafe"))
            words = "BOOT_IMAGE=/boot/vmlinuz root=LABEL=vm-root ro vm.root=disk"
        cmd += ["-append", "%s console=ttyS0 loglevel=4 systemd.show_status=no %s --- quiet splash" % (words, a.append)]
        if a.copies:
            self.pack(self.path("copy.tar"))
            cmd += self.disk("vm-copy", "copy.tar", "raw", "readonly=on")
        if a.usbs:
            cmd += ["-device", "qemu-xhci,id=xhci"]
        for n, u in enumerate(a.usbs):
            self.make_usb(u)
            cmd += ["-drive", "if=none,id=usb%d,format=raw,file=%s" % (n, u["path"].replace(",", ",,")),
                    "-device", "usb-storage,bus=xhci.0,drive=usb%d,removable=on,serial=VMUSB%d" % (n, n)]
        if a.rtc:
            cmd += ["-rtc", "base=%s" % a.rtc]
        wanted = [(0, 22)] + self.ports
        cmd += ["-device", "virtio-net-pci,netdev=net,romfile=", "-netdev", "user,id=net,restrict=%s%s"
                % ("off" if a.online else "on", "".join(",hostfwd=tcp:127.0.0.1:%d-:%d" % p for p in wanted))]
        for path in [kernel, initrd]:
            if not os.path.exists(path):
                raise Trouble("the image is incomplete: no %s; run vm-build --force" % path)
        free = available_mb()
        if free and free < 1500:
            say("only %d MB of memory are free here: the machine may be killed" % free)
        say("booting %s, %d MB, %d cores, Debian %s, %s" % ("a live session" if a.live else "an installed system",
                                                         a.mem, a.cpus, a.suite, self.accel))
        self.began = _vm.now()
        self.child = subprocess.Popen(DIE_WITH_US + cmd, cwd=self.dir, stdin=subprocess.DEVNULL,
                                      stdout=open(self.path("qemu.log"), "wb"), stderr=subprocess.STDOUT,
                                      start_new_session=True)
        self.qmp = self.connect("qmp")
        self.learn_ports()
        self.write_ssh()
        self.booted = 0
        took = self.await_ready(a.boot_timeout or 300)
        return took

    @staticmethod
    def disk(serial, path, fmt, *more):
        name = serial.replace("-", "")
        return ["-drive", ",".join(["if=none", "id=" + name, "format=" + fmt, "file=" + path.replace(",", ",,"), *more]),
                "-device", "virtio-blk-pci,drive=%s,serial=%s" % (name, serial)]

    def tool(self, *cmd):
        got = subprocess.run(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if got.returncode:
            raise Trouble("%s ended with %d: %s" % (cmd[0], got.returncode, got.stdout.strip()))

    def make_usb(self, u):
        if os.path.exists(u["path"]):
            return
        with open(u["path"], "wb") as f:
            f.truncate(u["bytes"])
        if u["fs"]:
            _vm.need_tools({"mke2fs": "e2fsprogs"}, not self.a.no_install)
            self.tool("mke2fs", "-q", "-t", u["fs"], "-L", u["label"], "-E", "root_owner=1000:1000", u["path"])

    def connect(self, name):
        end = _vm.now() + 30
        while True:
            self.check_alive()
            try:
                return Qmp(self.dir, name)
            except OSError:
                if _vm.now() > end:
                    raise Trouble("qemu does not answer: " + _vm.tail(self.path("qemu.log"), 5))
                time.sleep(0.05)

    def check_alive(self):
        code = self.child.poll()
        if code is None:
            return
        why = _vm.tail(self.path("qemu.log"), 5)
        if "Could not set up host forwarding" in why:
            raise Trouble("a port is already taken here: %s" % why)
        raise Trouble("qemu ended with %d: %s\n%s" % (code, why, _vm.tail(self.path("console"), 15)))

    def learn_ports(self):
        text = self.qmp.call("human-monitor-command", **{"command-line": "info usernet"})
        found = {}
        for ln in text.splitlines():
            m = re.match(r"\s*TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)", ln)
            if m:
                found.setdefault(int(m[2]), []).append(int(m[1]))
        if 22 not in found:
            raise Trouble("qemu set up no port for ssh:\n" + text)
        fixed = {h for h, _ in self.ports if h}
        self.ssh_port = [h for h in found[22] if h not in fixed][0]
        self.ports = [(h or [x for x in found[i] if x not in fixed and (i != 22 or x != self.ssh_port)].pop(), i)
                      for h, i in self.ports]

    def write_ssh(self):
        key = self.path("id")
        shutil.copyfile(os.path.join(self.image, "id"), key)
        os.chmod(key, 0o600)
        with open(self.path("ssh_config"), "w") as f:
            f.write("Host vm\n HostName 127.0.0.1\n Port %d\n IdentityFile \"%s\"\n IdentitiesOnly yes\n HostKeyAlias vm\n"
                    " UserKnownHostsFile \"%s\"\n GlobalKnownHostsFile /dev/null\n StrictHostKeyChecking yes\n BatchMode yes\n"
                    " ConnectTimeout 60\n ServerAliveInterval 20\n ServerAliveCountMax 6\n LogLevel ERROR\n SendEnv -*\n"
                    " Ciphers aes128-gcm@openssh.com\n"
                    % (self.ssh_port, key, os.path.join(self.image, "known_hosts")))

    def ready_count(self):
        try:
            with open(self.path("ready")) as f:
                return f.read().count("VM-READY")
        except OSError:
            return 0

    def await_ready(self, limit):
        """Until the machine has booted once more than seen so far."""
        end, checked = _vm.now() + limit, 0
        while self.ready_count() <= self.booted:
            self.check_alive()
            if _vm.now() - checked > 2:
                checked = _vm.now()
                text = _vm.tail(self.path("console"), 60)
                for sign in ("VM-INIT-FAILED", "Kernel panic", "You are in emergency mode"):
                    if sign in text:
                        raise Trouble("the machine did not come up:\n" + _vm.tail(self.path("console"), 25))
            if _vm.now() > end:
                raise Trouble("not up after %g s; the last lines of its console:\n%s"
                              % (limit, _vm.tail(self.path("console"), 25)))
            time.sleep(0.1)
        self.booted = self.ready_count()
        with open(self.path("state.json"), "w") as f:
            json.dump({"engine": "qemu", "booted": self.booted, "ports": self.ports}, f)
        return _vm.now() - self.began

    def execute(self, line, user="ubuntu", env=(), stdin=False, tty=False, timeout=900, stdout=None, stderr=None,
                loose=False):
        mark = "/tmp/.vm-exit-%d-%d" % (os.getpid(), time.monotonic_ns())
        sets = "".join("export %s; " % shlex.quote(p) for p in env)
        inner = "%sbash -c %s; c=$?; echo $c > %s; exit $c" % (sets, shlex.quote(line), mark)
        cmd = ["ssh", "-F", self.path("ssh_config"), "-l", user] + (["-tt"] if tty else []) + ["vm", inner]
        child = subprocess.Popen(DIE_WITH_US + cmd, stdin=None if stdin else subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        code = self.wait(child, timeout)
        if code == 255 and not loose:                      # ssh's own failure, or the command's exit code
            self.check_alive()
            got = subprocess.run(["ssh", "-F", self.path("ssh_config"), "-l", user, "vm", "cat " + mark],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
            if got.stdout.strip() != "255":
                raise Trouble("lost the connection to the machine while the command ran (did it reboot or stop sshd?): "
                              + got.stderr.strip())
        return code

    def shut_down(self):
        began = _vm.now()
        try:
            self.execute("systemctl poweroff", user="root", timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         loose=True)
        except Trouble:
            pass
        try:
            self.child.wait(120)
            say("shut down in %s" % _vm.human(_vm.now() - began))
        except subprocess.TimeoutExpired:
            raise Trouble("the machine did not shut down within 120 s:\n" + _vm.tail(self.path("console"), 25))

    def kill(self):
        if self.child and self.child.poll() is None:
            self.child.kill()
            self.child.wait()


def available_mb():
    try:
        with open("/proc/meminfo") as f:
            for ln in f:
                if ln.startswith("MemAvailable:"):
                    return int(ln.split()[1]) // 1024
    except OSError:
        pass
    return 0



# The container's wrapper: everything it mounts lies in a mount namespace of its own, so that all of
# it is gone with the last process. Words: cgroup folder, run folder, image folder, live or disk, name.
NSPAWN_OUTER = r"""
set -eu
mkdir "$1"; echo $$ > "$1/cgroup.procs"
exec unshare --mount --propagation private bash -c "$INNER" vm-nspawn "$@"
"""
NSPAWN_INNER = r"""
set -eu
run=$2 image=$3 kind=$4 name=$5; shift 5
mkdir -p "$run/ro" "$run/rw" "$run/tree"
mount -t squashfs -o ro,loop "$image/root.squashfs" "$run/ro"
source=overlay
if [ "$kind" = live ]; then mount -t tmpfs -o mode=0755 /cow "$run/rw"; source=/cow; fi
mkdir "$run/rw/upper" "$run/rw/work"
mount -t overlay -o "lowerdir=$run/ro,upperdir=$run/rw/upper,workdir=$run/rw/work" "$source" "$run/tree"
if [ "$kind" = live ]; then
    cp -a "$run/tree/usr/share/vm-live/." "$run/tree/"
    mkdir -p "$run/tree/cdrom/casper" "$run/tree/cdrom/.disk"
    echo 'Ubuntu 24.04.3 LTS "Noble Numbat" - Release amd64 (stand-in)' > "$run/tree/cdrom/.disk/info"
fi
: > "$run/tree/etc/fstab"
cp "$run/cmdline" "$run/tree/etc/vm-cmdline"
[ -e "$run/copy.tar" ] && tar -x -p --no-same-owner -f "$run/copy.tar" -C "$run/tree/home/ubuntu" && chown -R 1000:1000 "$run/tree/home/ubuntu"
if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount -R /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
    umount /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mkdir -p /run/systemd/nspawn; mount -t tmpfs -o mode=0755 nspawn /run/systemd/nspawn
exec systemd-nspawn --quiet --register=no --keep-unit --private-network --notify-ready=yes --console=pipe \
    --machine="$name" --directory="$run/tree" --boot
"""


class Nspawn(Machine):
    def boot(self):
        a = self.a
        if os.geteuid() != 0:
            raise Trouble("--engine nspawn needs root")
        self.accel = None
        self.ports = [(h or _vm.free_port(), i) for h, i in self.ports]
        if not os.path.exists(os.path.join(self.image, "root.squashfs")):
            raise Trouble("the image is incomplete: run vm-build --force")
        tree = cgroup2()
        if not tree:
            raise Trouble("no cgroup2 file system is mounted here: --engine nspawn cannot work; use qemu")
        name = machine_name(self.dir)
        self.cgroup = os.path.join(tree, name)
        with open(self.path("cmdline"), "w") as f:
            f.write("BOOT_IMAGE=/casper/vmlinuz layerfs-path=minimal.standard.live.squashfs --- quiet splash\n" if a.live
                    else "BOOT_IMAGE=/boot/vmlinuz root=LABEL=vm-root ro quiet splash\n")
        if a.copies:
            self.pack(self.path("copy.tar"))
        heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        heard.bind("\0" + name + "-%d" % os.getpid())
        self.listeners = [self.listen(h) for h, _ in self.ports]
        say("booting %s in a container on this machine's kernel, Debian %s" % ("a live session" if a.live else "an installed system", a.suite))
        self.began = _vm.now()
        env = dict(os.environ, INNER=NSPAWN_INNER, NOTIFY_SOCKET="@" + name + "-%d" % os.getpid(),
                   SYSTEMD_NSPAWN_UNIFIED_HIERARCHY="1")
        self.child = subprocess.Popen(
            DIE_WITH_US + ["bash", "-c", NSPAWN_OUTER, "vm-nspawn", self.cgroup, self.dir, self.image,
                           "live" if a.live else "disk", name],
            env=env, stdin=subprocess.DEVNULL, stdout=open(self.path("console"), "wb"), stderr=subprocess.STDOUT,
            start_new_session=True)
        self.leader, ready, end = None, False, _vm.now() + (a.boot_timeout or 90)
        heard.settimeout(0.3)
        while not ready:
            try:
                for ln in heard.recv(8192).decode("utf-8", "replace").splitlines():
                    if ln.startswith("X_NSPAWN_LEADER_PID="):
                        self.leader = int(ln.split("=")[1])
                    ready = ready or ln == "READY=1"
            except socket.timeout:
                pass
            if self.child.poll() is not None:
                raise Trouble("the container ended with %d:\n%s" % (self.child.returncode, _vm.tail(self.path("console"), 20)))
            if _vm.now() > end:
                raise Trouble("the container is not up after %g s:\n%s" % (a.boot_timeout or 90, _vm.tail(self.path("console"), 20)))
        heard.close()
        # the kernel command line that such a machine would show
        subprocess.run(["nsenter", "-t", str(self.leader), "-m", "-p", "mount", "--bind", "/etc/vm-cmdline", "/proc/cmdline"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(self.path("state.json"), "w") as f:
            json.dump({"engine": "nspawn", "leader": self.leader, "ports": self.ports}, f)
        for s, (_, inside) in zip(self.listeners, self.ports):
            threading.Thread(target=self.serve, args=(s, inside), daemon=True).start()
        return _vm.now() - self.began

    # -- ports: a connection here is carried to one made inside the container's network ----------
    @staticmethod
    def listen(port):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError as e:
            raise Trouble("port %d is already taken here: %s" % (port, e.strerror))
        s.listen(64)
        return s

    def serve(self, listener, inside):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(near, inside), daemon=True).start()

    def carry(self, near, inside):
        far = None
        try:
            fd = os.open("/proc/%d/ns/net" % self.leader, os.O_RDONLY)
            try:
                if libc.setns(fd, 0x40000000):       # this thread alone
                    raise OSError(ctypes.get_errno(), "setns")
            finally:
                os.close(fd)
            far = socket.create_connection(("127.0.0.1", inside), timeout=20)
            far.settimeout(None)
            back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
            back.start()
            self.pump(near, far)
            back.join()
        except OSError:
            pass
        finally:
            near.close()
            if far:
                far.close()

    @staticmethod
    def pump(a, b):
        try:
            while True:
                got = a.recv(65536)
                if not got:
                    break
                b.sendall(got)
        except OSError:
            pass
        try:
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def execute(self, line, user="ubuntu", env=(), stdin=False, tty=False, timeout=900, stdout=None, stderr=None):
        child = subprocess.Popen(DIE_WITH_US + enter_command(self.leader, line, user, env, tty),
                                 stdin=None if stdin else subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        code = self.wait(child, timeout)
        if self.child.poll() is not None:
            raise Trouble("the container went down while the command ran:\n" + _vm.tail(self.path("console"), 20))
        return code

    def shut_down(self):
        began = _vm.now()
        os.kill(self.leader, signal.SIGRTMIN + 4)
        try:
            self.child.wait(90)
            say("shut down in %s" % _vm.human(_vm.now() - began))
        except subprocess.TimeoutExpired:
            raise Trouble("the container did not shut down within 90 s:\n" + _vm.tail(self.path("console"), 25))

    def kill(self):
        if self.child and self.child.poll() is None:
            if getattr(self, "leader", None):
                try:
                    os.kill(self.leader, signal.SIGKILL)
                except OSError:
                    pass
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def unmake(self):
        for s in getattr(self, "listeners", ()):
            s.close()
        if hasattr(self, "cgroup"):
            remove_cgroup(self.cgroup)
        self.unmount_below(self.dir)

    @staticmethod
    def unmount_below(path):
        for p in sorted((p for p in mounted() if p.startswith(path + "/")), reverse=True):
            libc.umount2(p.encode(), 2)      # lazily


def mounted(kind=None):
    try:
        with open("/proc/self/mounts") as f:
            rows = [ln.split() for ln in f]
    except OSError:
        return []
    return [r[1] for r in rows if kind in (None, r[2])]


def cgroup2():
    return (mounted("cgroup2") or [None])[0]


def remove_cgroup(top):
    """Kill what is left in it, then remove it and all below."""
    for _ in range(100):
        if not os.path.isdir(top):
            return
        for d, _, files in os.walk(top, topdown=False):
            try:
                with open(os.path.join(d, "cgroup.procs")) as f:
                    for pid in f.read().split():
                        os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass
            try:
                os.rmdir(d)
            except OSError:
                pass
        time.sleep(0.05)
    say("could not remove", top)


def enter_command(leader, line, user, env=(), tty=False):
    if tty:      # systemd-run's own --pty loses output where our stdin is no terminal
        # (no exec: a script that leads its session would take the new terminal for itself)
        line = "script -q -e -c %s /dev/null; exit $?" % shlex.quote("bash -c " + shlex.quote(line))
    home = "/root" if user == "root" else "/home/" + user
    return (["nsenter", "-t", str(leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "--",
             "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             "TERM=" + os.environ.get("TERM", "dumb"),
             "systemd-run", "--quiet", "--wait", "--collect", "--service-type=exec", "--pipe",
             "-p", "PAMName=login", "-p", "User=" + user, "-p", "WorkingDirectory=" + home, "-p", "TimeoutStopSec=5",
             "-E", "HOME=" + home, "-E", "SHELL=/bin/bash", "-E", "LANG=C.UTF-8"] +
            [w for p in env for w in ("-E", p)] + ["bash", "-c", line])
