const LOOPBACK = /^((.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a URL's host, as the URL parser writes it, is this machine itself: by address, or by name (RFC 6761 section 6.3). */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
