import type { SuggestedPath } from "./guide.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Paths that identity providers commonly fill (RFC 7643 sections 4.1 and 4.3), with a value each might have. */
export const SCIM_PATHS = {
  workEmail: { label: "Work e-mail", path: 'emails[type eq "work"].value', sample: "ada.lovelace@example.com" },
  userName: { label: "User name", path: "userName", sample: "ada.lovelace@example.com" },
  givenName: { label: "First name", path: "name.givenName", sample: "Ada" },
  familyName: { label: "Last name", path: "name.familyName", sample: "Lovelace" },
  displayName: { label: "Display name", path: "displayName", sample: "Ada Lovelace" },
  title: { label: "Job title", path: "title", sample: "Analyst" },
  userType: { label: "Kind of user", path: "userType", sample: "Employee" },
  locale: { label: "Locale", path: "locale", sample: "en-GB" },
  language: { label: "Language", path: "preferredLanguage", sample: "en-GB" },
  timezone: { label: "Time zone", path: "timezone", sample: "Europe/London" },
  mobile: { label: "Mobile phone", path: 'phoneNumbers[type eq "mobile"].value', sample: "+44 7700 900123" },
  workPhone: { label: "Work phone", path: 'phoneNumbers[type eq "work"].value', sample: "+44 20 7946 0123" },
  city: { label: "City", path: 'addresses[type eq "work"].locality', sample: "London" },
  region: { label: "Region", path: 'addresses[type eq "work"].region', sample: "Greater London" },
  country: { label: "Country", path: 'addresses[type eq "work"].country', sample: "GB" },
  office: { label: "Office", path: 'addresses[type eq "work"].formatted', sample: "Building 4, floor 2" },
  department: { label: "Department", path: `${ENTERPRISE}:department`, sample: "Research" },
  division: { label: "Division", path: `${ENTERPRISE}:division`, sample: "Engines" },
  organization: { label: "Organization", path: `${ENTERPRISE}:organization`, sample: "Example Ltd" },
  costCenter: { label: "Cost centre", path: `${ENTERPRISE}:costCenter`, sample: "4130" },
  employeeNumber: { label: "Employee number", path: `${ENTERPRISE}:employeeNumber`, sample: "10042" },
  manager: {
    label: "Manager’s id",
    path: `${ENTERPRISE}:manager.value`,
    sample: "0192f1c2-7c1e-7a54-9d0e-2b6f5c1d8e11",
  },
} as const satisfies Record<string, SuggestedPath>;

/** Paths that a provider with a mapping of its own commonly fills; what else one of them has is added to these. */
export const USUAL_PATHS: readonly SuggestedPath[] = [
  SCIM_PATHS.workEmail,
  SCIM_PATHS.userName,
  SCIM_PATHS.displayName,
  SCIM_PATHS.department,
  SCIM_PATHS.title,
  SCIM_PATHS.mobile,
  SCIM_PATHS.city,
];
