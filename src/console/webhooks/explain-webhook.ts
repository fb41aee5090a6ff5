import { statusOf, type Webhook } from "../../webhooks/webhook.ts";

/** How a webhook is doing: `retrying` is one whose last delivery failed and that tries again by itself. */
export type WebhookState = "active" | "retrying" | "failing" | "paused";

/** The state that an admin is told. */
export function stateOf(webhook: Webhook): WebhookState {
  const status = statusOf(webhook);
  if (status === "disabled") return "paused";
  return status === "active" && webhook.failure !== null ? "retrying" : status;
}

/** What is wrong with a receiver, and what to do about it. */
export interface Explanation {
  title: string;
  advice: string;
}

const REASONS: readonly { when: RegExp; title: string; advice: string }[] = [
  {
    when: /^Answered 3\d\d/,
    title: "The receiver redirects",
    advice: "Redirects are not followed. Change the address to the one it leads to.",
  },
  {
    when: /^Answered 40[13]/,
    title: "The receiver refuses to let us in",
    advice:
      "It must take requests without a sign-in and check the signature instead, with the secret this webhook has now. If the secret there is an old one, rotate it and copy the new one.",
  },
  {
    when: /^Answered (404|405)/,
    title: "There is nothing at this address that takes deliveries",
    advice: "Check the path, and that it accepts POST.",
  },
  {
    when: /^Answered 410/,
    title: "The receiver says that it is gone for good",
    advice: "Nothing more is tried. Change the address, or delete the webhook.",
  },
  {
    when: /^Answered 429/,
    title: "The receiver asks us to slow down",
    advice:
      "It is tried again after the time it asks for, or within a minute. If it stays so, let it take more at a time.",
  },
  {
    when: /^Answered 4/,
    title: "The receiver does not accept what is sent",
    advice:
      "Look at what it answered below and at its own log. The deliveries are JSON signed as Standard Webhooks says.",
  },
  {
    when: /^Answered 5/,
    title: "The receiver has a fault of its own",
    advice: "Look at its log. Once it works again, the changes that wait are sent in order.",
  },
  {
    when: /no answer within/,
    title: "The receiver does not answer in time",
    advice: "It has ten seconds. Let it answer first and do the work afterwards.",
  },
  {
    when: /^Not reached/,
    title: "The receiver cannot be reached",
    advice: "Check that its host name exists, that its certificate is valid, and that no firewall is in between.",
  },
  {
    when: /no longer kept/,
    title: "It has missed changes that are no longer kept",
    advice:
      "Let the receiver read all people and groups anew through the management API, then go on from the oldest change that is kept.",
  },
  {
    when: /secret cannot be read/,
    title: "The signing secret cannot be read",
    advice: "The deployment's SESSION_SECRET has changed. Rotate the secret and give the new one to the receiver.",
  },
];

/** What a webhook's failure means, in words an admin can act on. */
export function explainFailure(failure: string): Explanation {
  const reason = REASONS.find(({ when }) => when.test(failure));
  return reason ?? { title: "Deliveries cannot be sent to this address", advice: failure };
}
