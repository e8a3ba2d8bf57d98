#!/bin/sh
# nginx reads certificates and the list of ComfyUI tabs at its start only: when one of them changes, it is told.
print_of() { cat /certificates/fullchain.pem /certificates/privkey.pem /etc/nginx/front-ends/* 2>/dev/null | cksum; }
(
  seen=$(print_of)
  while sleep 15; do
    now=$(print_of)
    [ "$now" = "$seen" ] && continue
    seen=$now
    nginx -t -q && nginx -s reload
  done
) &
