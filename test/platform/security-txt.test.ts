import { describe, expect, it } from "vitest";
import { securityTxt } from "../../src/platform/security-txt.ts";

const NOW = Date.parse("2026-11-29T13:00:00Z");
const ORIGIN = "https://rollcall.test";

describe("security.txt", () => {
  it("names the contacts in their order, when it ends, and where it belongs (RFC 9116)", () => {
    expect(securityTxt("security@example.com, https://example.com/report?a=b", ORIGIN, NOW)).toBe(
      "Contact: mailto:security@example.com\nContact: https://example.com/report?a=b\n" +
        "Expires: 2027-05-28T00:00:00.000Z\nPreferred-Languages: en\n" +
        "Canonical: https://rollcall.test/.well-known/security.txt\n",
    );
    expect(securityTxt("tel:+1-201-555-0123", ORIGIN, NOW)).toContain("Contact: tel:+1-201-555-0123\n");
    expect(securityTxt("mailto:a+b@example.com", ORIGIN, NOW)).toContain("Contact: mailto:a+b@example.com\n");
  });

  it("is none without a contact, and takes nothing that is no address", () => {
    for (const contacts of [undefined, "", " , ", "http://example.com", "javascript:x", "a b@example.com"])
      expect(securityTxt(contacts, ORIGIN, NOW), contacts).toBeNull();
    expect(securityTxt("https://example.com/\nExpires: x, a@example.com", ORIGIN, NOW)).not.toContain("Expires: x");
  });
});
