/** A neighbourhood in place of a house: the /24 of an IPv4 address, the /48 of an IPv6 network as the door names it. */
export function coarse(network: string): string {
  const four = /^(\d+\.\d+\.\d+)\.\d+$/.exec(network)
  if (four !== null) return `${four[1]}.0/24`
  const six = /^((?:[0-9a-f]+:){3})[0-9a-f]+::\/64$/.exec(network)
  return six === null ? network : `${six[1]}:/48`
}
