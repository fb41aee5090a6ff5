/** IPv4 networks that no webhook may reach: not public, or a cloud's own service. From IANA's special-purpose registry. */
const CLOSED_IPV4: readonly [address: string, prefix: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // shared address space; Alibaba's metadata service
  ["127.0.0.0", 8],
  ["168.63.129.16", 32], // Azure's host service, public in form only
  ["169.254.0.0", 16], // link-local; the metadata service of most clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** IPv6: global unicast (2000::/3) is open but for these; everything else, IPv4 in IPv6 included, is closed. */
const CLOSED_IPV6: readonly [address: string, prefix: number][] = [
  ["2001::", 23], // protocol assignments, Teredo among them
  ["2001:db8::", 32],
  ["2002::", 16], // 6to4 carries an IPv4 address
  ["3fff::", 20],
];

/** The bytes of a dotted IPv4 address as the URL parser writes it, or null. */
export function parseIpv4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.map(Number);
}

/** The bytes of an IPv6 address without brackets, or null; a dotted tail is understood. */
export function parseIpv6(text: string): number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = [readGroups(halves[0] ?? ""), readGroups(halves[1] ?? "")];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return null;
  return [...head, ...Array<number>(missing).fill(0), ...tail];
}

function readGroups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  for (const group of text.split(":")) {
    const dotted = parseIpv4(group);
    if (dotted !== null) bytes.push(...dotted);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return null;
  }
  return bytes;
}

/** Whether an address (4 or 16 bytes) is one that anybody on the public Internet could reach. */
export function isPublicAddress(bytes: readonly number[]): boolean {
  if (bytes.length === 4) return !CLOSED_IPV4.some(([network, prefix]) => lies(bytes, parseIpv4(network), prefix));
  if (!lies(bytes, parseIpv6("2000::"), 3)) return false;
  return !CLOSED_IPV6.some(([network, prefix]) => lies(bytes, parseIpv6(network), prefix));
}

function lies(bytes: readonly number[], network: readonly number[] | null, prefix: number): boolean {
  for (let bit = 0; bit < prefix; bit += 8) {
    const mask = prefix - bit >= 8 ? 0xff : (0xff << (8 - (prefix - bit))) & 0xff;
    if (((bytes[bit / 8] ?? 0) & mask) !== ((network?.[bit / 8] ?? 0) & mask)) return false;
  }
  return true;
}
