import { describe, expect, it } from "vitest";
import { judgeWebhookUrl } from "../../src/webhooks/webhook-url.ts";

const PUBLIC = [
  "https://hooks.example.com/rollcall",
  "https://hooks.example.com:8443/rollcall?tenant=7",
  "https://hooks.example.com./rollcall",
  "https://8.8.8.8/",
  "https://172.15.255.255/",
  "https://172.32.0.1/",
  "https://192.167.1.1/",
  "https://[2606:4700:4700::1111]/",
  "https://bücher.example/",
  "https://localhost.example.com/",
  "https://10.example.com/",
];

const NOT_PUBLIC = [
  // this machine
  "https://localhost/",
  "https://LOCALHOST./",
  "https://a.localhost/",
  "https://localhost.localdomain/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://127.0.0.1./",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.0.0.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://127.0.0.0x1/",
  "https://①②⑦.⓪.⓪.①/",
  "https://127。0。0。1/",
  "https://%31%32%37.0.0.1/",
  "https://0/",
  "https://0.0.0.0/",
  "https://[::1]/",
  "https://[::]/",
  "https://[0:0:0:0:0:0:0:1]/",
  // private, shared, link-local, metadata
  "https://10.0.0.1/",
  "https://10.255.255.255/",
  "https://0xa.1/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.1.1/",
  "https://192.168.257/",
  "https://3232235777/",
  "https://100.64.0.1/",
  "https://100.100.100.200/",
  "https://169.254.169.254/latest/meta-data/",
  "https://2852039166/",
  "https://0xA9FEA9FE/",
  "https://0251.0376.0251.0376/",
  "https://168.63.129.16/",
  "https://192.0.0.192/",
  "https://metadata.google.internal/",
  "https://metadata/",
  "https://kubernetes.default.svc/",
  "https://.example.com/",
  "https://hooks..example.com/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "https://[fc00::1]/",
  // reserved, multicast, documentation
  "https://192.0.2.1/",
  "https://198.18.0.1/",
  "https://198.51.100.7/",
  "https://203.0.113.7/",
  "https://224.0.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://[ff02::1]/",
  "https://[2001:db8::1]/",
  // IPv4 inside IPv6
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::ffff:8.8.8.8]/",
  "https://[::127.0.0.1]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[64:ff9b:1::a00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:0:7f00:1::]/",
  // names of somebody's network
  "https://receiver/",
  "https://receiver.local/",
  "https://receiver.corp/",
  "https://router.lan/",
  "https://printer.home.arpa/",
  "https://1.0.0.10.in-addr.arpa/",
];

const MALFORMED = [
  "",
  "hooks.example.com",
  "/hooks",
  "http://hooks.example.com/",
  "ftp://hooks.example.com/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "https://user:secret@hooks.example.com/",
  "https://user@hooks.example.com/",
  "https://hooks.example.com/#here",
  "https://[fe80::1%25eth0]/",
  "https://256.256.256.256/",
  `https://hooks.example.com/${"x".repeat(2000)}`,
];

describe("where a webhook may be sent", () => {
  it.each(PUBLIC)("lets %s pass", (url) => {
    expect(judgeWebhookUrl(url, false)).toBeNull();
  });

  it.each(NOT_PUBLIC)("refuses %s", (url) => {
    expect(judgeWebhookUrl(url, false)).toBe("This address is not on the public Internet.");
  });

  it.each(MALFORMED)("refuses %j for its form", (url) => {
    expect(judgeWebhookUrl(url, false)).toMatch(/^(Give|Leave) /);
  });

  it("lets http to loopback pass in development, and nothing else more", () => {
    for (const url of [
      "http://localhost:9999/",
      "http://127.0.0.1:9999/",
      "http://[::1]:9999/",
      "https://localhost/",
    ]) {
      expect(judgeWebhookUrl(url, true), url).toBeNull();
      expect(judgeWebhookUrl(url, false), url).not.toBeNull();
    }
    for (const url of ["http://hooks.example.com/", "https://192.168.1.1/", "http://0.0.0.0/", "ftp://localhost/"])
      expect(judgeWebhookUrl(url, true), url).not.toBeNull();
  });
});
