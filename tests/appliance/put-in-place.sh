# shellcheck shell=bash
# Run as root in a machine: puts the program and its units where they belong and starts them, without the installer, so that
# what the units promise is tested apart from it. Beside it lie dist/ and units/.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")

useradd --system --user-group --home-dir /var/lib/skep --no-create-home --shell /usr/sbin/nologin skep
install -D -m 0755 "$here/dist/skep" /usr/local/lib/skep/test/skep
ln -sfn /usr/local/lib/skep/test/skep /usr/local/bin/skep
install -d -o root -g skep -m 0750 /etc/skep
printf '[storage]\ndata_dir = "/var/lib/skep"\n' | install -o root -g skep -m 0640 /dev/stdin /etc/skep/skep.toml
head -c 32 /dev/urandom | base64 | install -m 0600 /dev/stdin /etc/skep/master.key
install -m 0644 -t /etc/systemd/system "$here"/units/skep*
systemctl daemon-reload
[[ ${1:-} == --no-start ]] || systemctl enable --quiet --now skep.socket skep.service
