import type { FailureCode } from "../../webhooks/delivery-failure.ts";
import { statusOf, type Webhook } from "../../webhooks/webhook.ts";

/** How a webhook is doing: `retrying` is one whose last delivery failed and that tries again by itself. */
type WebhookState = "active" | "retrying" | "failing" | "paused";

/** The state that an admin is told. */
export function stateOf(webhook: Webhook): WebhookState {
  const status = statusOf(webhook);
  if (status === "disabled") return "paused";
  return status === "active" && webhook.failure !== null ? "retrying" : status;
}

/** What is wrong with a receiver, and what to do about it. */
interface Explanation {
  title: string;
  advice: string;
}

const REASONS: Record<Exclude<FailureCode, "bad_address">, Explanation> = {
  redirects: {
    title: "The receiver redirects",
    advice: "Redirects are not followed. Change the address to the one it leads to.",
  },
  denied: {
    title: "The receiver refuses to let us in",
    advice:
      "It must take requests without a sign-in and check the signature instead, with the secret this webhook has now. If the secret there is an old one, rotate it and copy the new one.",
  },
  not_there: {
    title: "There is nothing at this address that takes deliveries",
    advice: "Check the path, and that it accepts POST.",
  },
  gone: {
    title: "The receiver says that it is gone for good",
    advice: "Nothing more is tried. Change the address, or delete the webhook.",
  },
  slow_down: {
    title: "The receiver asks us to slow down",
    advice:
      "It is tried again after the time it asks for, or within a minute. If it stays so, let it take more at a time.",
  },
  rejected: {
    title: "The receiver does not accept what is sent",
    advice:
      "Look at what it answered below and at its own log. The deliveries are JSON signed as Standard Webhooks says.",
  },
  broken: {
    title: "The receiver has a fault of its own",
    advice: "Look at its log. Once it works again, the changes that wait are sent in order.",
  },
  too_slow: {
    title: "The receiver does not answer in time",
    advice: "It has ten seconds. Let it answer first and do the work afterwards.",
  },
  not_reached: {
    title: "The receiver cannot be reached",
    advice: "Check that its host name exists, that its certificate is valid, and that no firewall is in between.",
  },
  missed_changes: {
    title: "It has missed changes that are no longer kept",
    advice:
      "Let the receiver read all people and groups anew through the management API, then go on from the oldest change that is kept.",
  },
  unreadable_secret: {
    title: "The signing secret cannot be read",
    advice: "The deployment’s SESSION_SECRET has changed. Rotate the secret and give the new one to the receiver.",
  },
};

/** What a webhook's failure means, in words an admin can act on; in its own where those say what to change. */
export function explainDeliveryFailure({ code, detail }: NonNullable<Webhook["failure"]>): Explanation {
  if (code === null || code === "bad_address")
    return { title: "Deliveries cannot be sent to this address", advice: detail };
  return REASONS[code];
}
