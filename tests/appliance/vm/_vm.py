"""Shared parts of vm-build, vm-run and vm-ctl: places, messages, what to install."""
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
HARNESS_FAILED = 125          # exit code: the harness, not the command, failed
TIMED_OUT = 124               # exit code: the command ran past --timeout
SUITES = ("bookworm", "trixie")

# what must be on this machine: program -> Debian package
TOOLS_RUN = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "ssh": "openssh-client",
}
TOOLS_BUILD = {
    "mmdebstrap": "mmdebstrap",
    "mksquashfs": "squashfs-tools",
    "xorriso": "xorriso",
    "mke2fs": "e2fsprogs",
    "ssh-keygen": "openssh-client",
    "cpio": "cpio",
    "gzip": "gzip",
    "xz": "xz-utils",
}
TOOLS_NSPAWN = {"systemd-nspawn": "systemd-container", "nsenter": "util-linux", "unshare": "util-linux"}


class Trouble(Exception):
    """Something a person must read; ends the program with HARNESS_FAILED."""


def say(*words):
    print("vm:", *words, file=sys.stderr, flush=True)


def cache_root():
    return os.path.abspath(os.environ.get("VM_CACHE") or os.path.expanduser("~/.cache/skep-vm"))


def search_path():
    have = os.environ.get("PATH", "").split(":")
    return ":".join(have + [p for p in ("/usr/sbin", "/sbin", "/usr/local/sbin") if p not in have])


os.environ["PATH"] = search_path()


def missing(tools):
    return {t: p for t, p in tools.items() if not shutil.which(t)}


def need_tools(tools, install=True):
    """Install what is missing through apt-get, or say exactly what to install."""
    lack = missing(tools)
    if not lack:
        return
    packages = sorted(set(lack.values()))
    by_hand = "apt-get install --no-install-recommends " + " ".join(packages)
    if not install:
        raise Trouble("missing here: %s. Install them with: %s" % (", ".join(sorted(lack)), by_hand))
    if not shutil.which("apt-get"):
        raise Trouble("missing here: %s, and there is no apt-get to install them with (Debian packages: %s)"
                      % (", ".join(sorted(lack)), " ".join(packages)))
    if os.geteuid() == 0:
        front = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL,
                                                 stderr=subprocess.DEVNULL).returncode == 0:
        front = ["sudo", "-n"]
    else:
        raise Trouble("missing here: %s; not root and no password-free sudo. As root: %s"
                      % (", ".join(sorted(lack)), by_hand))
    # Twice: a package of another release may have to go for the first lot, and is then missing itself.
    for _ in range(2):
        install_packages(sorted(set(lack.values())), tools, front)
        lack = missing(tools)
        if not lack:
            return
    raise Trouble("apt-get installed %s, yet these are still missing: %s"
                  % (" ".join(packages), ", ".join(sorted(lack))))


def install_packages(packages, tools, front):
    say("installing with apt-get:", " ".join(packages))
    os.makedirs(cache_root(), exist_ok=True)
    with Lock(os.path.join(cache_root(), "apt.lock")):
        # another run may have installed them while this one waited for the lock
        if not missing(tools):
            return
        env = ["env", "DEBIAN_FRONTEND=noninteractive"]
        opts = ["-o", "DPkg::Lock::Timeout=300", "-q"]
        log = os.path.join(cache_root(), "apt.log")
        with open(log, "w") as out:
            subprocess.run(front + env + ["apt-get"] + opts + ["update"], stdout=out,
                           stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            got = subprocess.run(front + env + ["apt-get"] + opts +
                                 ["install", "-y", "--no-install-recommends"] + packages,
                                 stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        if got.returncode:
            raise Trouble("apt-get could not install %s (exit %d); its last lines:\n%s"
                          % (" ".join(packages), got.returncode, tail(log, 15)))


def tail(path, lines):
    try:
        with open(path, "rb") as f:
            f.seek(0, 2)
            f.seek(max(0, f.tell() - 16384))
            text = f.read().decode("utf-8", "replace")
    except OSError:
        return "(no log at %s)" % path
    return "\n".join(text.replace("\r", "").splitlines()[-lines:])


class Lock:
    """An advisory lock that the kernel drops when the process dies, however it dies."""

    def __init__(self, path, shared=False):
        self.path, self.shared = path, shared

    def __enter__(self):
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        how = fcntl.LOCK_SH if self.shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.fd, how | fcntl.LOCK_NB)
        except OSError:
            say("waiting for another run that holds", self.path)
            fcntl.flock(self.fd, how)
        return self

    def __exit__(self, *_):
        os.close(self.fd)


def recipe_key(suite):
    """Changes whenever anything that shapes the image changes."""
    h = hashlib.sha256(suite.encode())
    for name in ["vm-build"] + sorted("guest/" + n for n in os.listdir(os.path.join(HERE, "guest"))):
        with open(os.path.join(HERE, name), "rb") as f:
            h.update(name.encode() + b"\0" + f.read())
    return h.hexdigest()[:12]


def image_dir(suite):
    return os.path.join(cache_root(), "%s-%s" % (suite, recipe_key(suite)))


def image_ready(suite):
    return os.path.exists(os.path.join(image_dir(suite), "built.json"))


def image_facts(suite):
    with open(os.path.join(image_dir(suite), "built.json")) as f:
        return json.load(f)


# ---- which accelerator really works -------------------------------------------------------
# /dev/kvm can exist and accept a VM, and an ordinary Linux kernel still hang in it (seen with
# the page-table based KVM of some nested clouds). So it is tried once a machine boot: the
# image's own kernel must print its first line within a few seconds.

def boot_id():
    try:
        with open("/proc/sys/kernel/random/boot_id") as f:
            return f.read().strip()
    except OSError:
        return "unknown"


def pick_accel(wanted, kernel, initrd):
    if wanted in ("tcg", "kvm"):
        return wanted
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    note = os.path.join(cache_root(), "accel.json")
    try:
        with open(note) as f:
            seen = json.load(f)
        if seen.get("boot_id") == boot_id() and seen.get("kernel") == kernel:
            return seen["accel"]
    except (OSError, ValueError, KeyError):
        pass
    accel = "kvm" if kvm_boots(kernel, initrd) else "tcg"
    try:
        with open(note + ".%d" % os.getpid(), "w") as f:
            json.dump({"boot_id": boot_id(), "kernel": kernel, "accel": accel}, f)
        os.replace(f.name, note)
    except OSError:
        pass                      # a cache of another user's: the next run tries again
    if accel == "tcg":
        say("/dev/kvm is here but cannot run an ordinary kernel: using emulation (tcg), which is slower")
    return accel


def kvm_boots(kernel, initrd):
    cmd = ["qemu-system-x86_64", "-accel", "kvm", "-machine", "q35", "-cpu", "host", "-m", "256", "-display", "none",
           "-nodefaults", "-no-reboot", "-serial", "stdio", "-kernel", kernel,
           "-append", "console=ttyS0 earlyprintk=serial,ttyS0 panic=-1 root=/dev/none"]
    try:
        got = subprocess.run(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=12)
        out = got.stdout
    except subprocess.TimeoutExpired as late:
        out = late.stdout or b""
    except OSError:
        return False
    return b"Linux version" in out and b"Freeing SMP alternatives" in out


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def split_command(argv):
    """What stands before and after the first '--' (None where there is none)."""
    if "--" in argv:
        n = argv.index("--")
        return argv[:n], argv[n + 1:]
    return argv, None


def human(seconds):
    return "%.1f s" % seconds


def now():
    return time.monotonic()
