# shellcheck shell=bash
# Run as root in a machine, by the scenarios of install/: what is on it, as text that can be compared.
#
#   installed.sh look     every file with kind, mode, owner, and what is in it; accounts; units
set -euo pipefail

look() {
  # What changes by itself: logs, caches, the service manager's own state, the backups that useradd makes of its tables,
  # and the folders of who runs the tests.
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log \
    -o -path /var/cache -o -path /home -o -path /root -o -path '/var/lib/systemd/*' -o -path /var/lib/private \
    -o -path '/etc/passwd-' -o -path '/etc/group-' -o -path '/etc/shadow-' -o -path '/etc/gshadow-' \
    -o -path '/etc/sub[ug]id-' -o -path '/etc/.pwd.lock' -o -path /etc/resolv.conf -o -path /etc/machine-id \) -prune \
    -o -printf '%y %m %u:%g %p %l\n' | LC_ALL=C sort
  find /etc /usr/local /var/lib -xdev -type f \( -path '/var/lib/systemd/*' -o -path '/etc/*-' -o -path /etc/.pwd.lock \) -prune \
    -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  find /var/lib/systemd -name '*skep*' | LC_ALL=C sort
  getent passwd && getent group
  systemctl list-unit-files --no-legend --no-pager 'skep*' || true
  systemctl list-units --all --no-legend --no-pager 'skep*' || true
}

"$@"
