import { expect, it } from "vitest";
import { maskDetail } from "../../src/log/mask-error-detail.ts";

it.each(["ada@example.com", "ada%40example.com", "ada\uFF20example.com", "ada%EF%BC%A0example.com"])(
  "a sentence names nobody by an address, in disguise neither: %s",
  (address) => {
    expect(maskDetail(`No ${address} here`, null)).not.toContain("ada");
    expect(maskDetail(`No ${address} here`, address)).toContain(address);
  },
);
