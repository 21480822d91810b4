# What a dockerd changes of the machine's network, for scripts that source this: remembered in LAB before it starts, and put back after.

remember_network() {
  cat /proc/sys/net/ipv4/ip_forward >"$LAB/ip_forward"
  iptables -S FORWARD | sed -n 's/^-P //p' >"$LAB/forward_policy"
  ls /sys/class/net >"$LAB/links"
}

# Its own bridge, and those of the networks that were made since.
new_bridges() {
  ls /sys/class/net | grep -xE 'docker0|br-[0-9a-f]{12}' | grep -vxFf "$LAB/links" || true
}

# COMMAND TABLE PATTERN: the rules and chains that name a chain of Docker's or one of the bridges.
remove_rules() {
  local rule chain
  "$1" -t "$2" -S 2>/dev/null | sed -nE "/^-A DOCKER/!{/$3/s/^-A /-D /p}" | while read -r rule; do
    eval "$1 -t $2 $rule" || true
  done || true
  for chain in $("$1" -t "$2" -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p'); do "$1" -t "$2" -F "$chain" || true; done
  for chain in $("$1" -t "$2" -S 2>/dev/null | sed -n 's/^-N \(DOCKER.*\)/\1/p'); do "$1" -t "$2" -X "$chain" || true; done
}

restore_network() {
  local bridges bridge command table
  bridges=$(new_bridges)
  for command in iptables ip6tables; do
    for table in filter nat raw; do remove_rules "$command" "$table" "DOCKER|docker0${bridges:+|${bridges//$'\n'/|}}"; done
  done
  for bridge in $bridges; do ip link del "$bridge" 2>/dev/null || true; done
  # Its two words: the chain and what becomes of a packet that no rule takes.
  xargs -r iptables -P <"$LAB/forward_policy"
  cat "$LAB/ip_forward" >/proc/sys/net/ipv4/ip_forward
  rm "$LAB/forward_policy" "$LAB/ip_forward" "$LAB/links"
}
