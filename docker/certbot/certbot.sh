#!/bin/sh
# A certificate from the first second (nobody's, so that nginx can start), then a real one, then renewals for ever.
set -eu
OUT=/certificates
EVERY=43200
RETRY=600

hand_over() {
  # The key last and by a rename: nginx is reloaded when it changes, and never reads half of one.
  install -o 101 -g 101 -m 0400 "$1/fullchain.pem" "$OUT/fullchain.new"
  install -o 101 -g 101 -m 0400 "$1/privkey.pem" "$OUT/privkey.new"
  mv "$OUT/fullchain.new" "$OUT/fullchain.pem"
  mv "$OUT/privkey.new" "$OUT/privkey.pem"
}

if [ ! -s "$OUT/privkey.pem" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$PUBLIC_HOST" \
    -keyout /tmp/privkey.pem -out /tmp/fullchain.pem 2>/dev/null
  hand_over /tmp
  echo "A certificate that nobody signed stands in until there is a real one."
fi

if [ -z "${CERTIFICATE_EMAIL:-}" ]; then
  echo "CERTIFICATE_EMAIL is not set: no certificate is asked for."
  exec sleep infinity
fi

trap 'exit 0' TERM
while :; do
  if certbot certonly --webroot -w /challenges -d "$PUBLIC_HOST" ${COMFYUI_HOST:+-d "$COMFYUI_HOST"} --cert-name comfyume \
    --email "$CERTIFICATE_EMAIL" --agree-tos --non-interactive --keep-until-expiring --renew-with-new-domains ${CERTIFICATE_SERVER:+--server "$CERTIFICATE_SERVER"}; then
    if ! cmp -s /etc/letsencrypt/live/comfyume/fullchain.pem "$OUT/fullchain.pem"; then
      hand_over /etc/letsencrypt/live/comfyume
    fi
    pause=$EVERY
  else
    echo "No certificate could be had; the next try is in $RETRY s."
    pause=$RETRY
  fi
  sleep "$pause" &
  wait $!
done
