import { href } from "../routes.ts";
import { Icon } from "./icon.tsx";
import { formatCount } from "./moments-and-counts.tsx";

/** The parts of a company's console, by what they are about. */
const PARTS = [
  {
    title: null,
    items: [
      { name: "company", label: "Home", icon: "home" },
      { name: "alerts", label: "Alerts", icon: "bell" },
      { name: "holds", label: "Holds", icon: "pause" },
    ],
  },
  {
    title: "Who is there",
    items: [
      { name: "people", label: "People", icon: "people" },
      { name: "groups", label: "Target groups", icon: "groups" },
      { name: "trainings", label: "Trainings", icon: "training" },
    ],
  },
  {
    title: "How they come",
    items: [
      { name: "settings", label: "SCIM settings", icon: "link" },
      { name: "log", label: "Provisioning log", icon: "log" },
      { name: "webhooks", label: "Webhooks", icon: "send" },
    ],
  },
] as const;

/** Which part of the navigation a page belongs to. */
export type Section = (typeof PARTS)[number]["items"][number]["name"];

interface Props {
  companyId: string;
  /** How many alerts are open. */
  alerts: number;
  section: Section | undefined;
}

/** The way to every part of a company's console. */
export function Navigation({ companyId, alerts, section }: Props) {
  return (
    <nav aria-label="Company">
      {PARTS.map(({ title, items }) => (
        <>
          {title !== null && <span class="nav-title">{title}</span>}
          <ul class="nav">
            {items.map(({ name, label, icon }) => (
              <li>
                <a href={href(name, { companyId })} aria-current={section === name ? "page" : undefined}>
                  <Icon name={icon} size={16} />
                  {label}
                  {name === "alerts" && alerts > 0 && (
                    <span class="count">
                      {formatCount(alerts)}
                      <span class="hidden"> open</span>
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </>
      ))}
    </nav>
  );
}
