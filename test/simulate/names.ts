/** People's names in the scripts a company meets, each with the ASCII spelling its addresses use. */
export const NAMES: readonly {
  language: string;
  given: readonly (readonly [string, string])[];
  family: readonly (readonly [string, string])[];
}[] = [
  {
    language: "en-US",
    given: [
      ["Grace", "grace"],
      ["Liam", "liam"],
      ["Olivia", "olivia"],
      ["D'Arcy", "darcy"],
    ],
    family: [
      ["O’Neill", "oneill"],
      ["Smith-Jones", "smith-jones"],
      ["Walker", "walker"],
      ["St. John", "stjohn"],
    ],
  },
  {
    language: "fr-FR",
    given: [
      ["Zoé", "zoe"],
      ["François", "francois"],
      ["Chloé", "chloe"],
      ["Jérôme", "jerome"],
    ],
    family: [
      ["Lefèvre", "lefevre"],
      ["Gauß", "gauss"],
      ["Núñez", "nunez"],
      ["Żółkiewski", "zolkiewski"],
    ],
  },
  {
    language: "tr-TR",
    given: [
      ["İpek", "ipek"],
      ["Işıl", "isil"],
      ["Çağrı", "cagri"],
      ["Ömer", "omer"],
    ],
    family: [
      ["Yıldız", "yildiz"],
      ["Şahin", "sahin"],
      ["İnönü", "inonu"],
      ["Gündoğdu", "gundogdu"],
    ],
  },
  {
    language: "ru-RU",
    given: [
      ["Анна", "anna"],
      ["Дмитрий", "dmitry"],
      ["Ольга", "olga"],
      ["Фёдор", "fyodor"],
    ],
    family: [
      ["Иванова", "ivanova"],
      ["Щербаков", "shcherbakov"],
      ["Королёв", "korolyov"],
      ["Їжак", "yizhak"],
    ],
  },
  {
    language: "ar-SA",
    given: [
      ["ليلى", "layla"],
      ["محمد", "muhammad"],
      ["فاطمة", "fatima"],
      ["يوسف", "yusuf"],
    ],
    family: [
      ["الحسيني", "alhusseini"],
      ["بن سعيد", "bin-said"],
      ["القحطاني", "alqahtani"],
      ["حدّاد", "haddad"],
    ],
  },
  {
    language: "zh-CN",
    given: [
      ["伟", "wei"],
      ["秀英", "xiuying"],
      ["𠮷安", "jian"],
      ["静", "jing"],
    ],
    family: [
      ["王", "wang"],
      ["李", "li"],
      ["欧阳", "ouyang"],
      ["张", "zhang"],
    ],
  },
  {
    language: "ja-JP",
    given: [
      ["さくら", "sakura"],
      ["健太", "kenta"],
      ["ユウコ", "yuko"],
      ["翔", "sho"],
    ],
    family: [
      ["髙橋", "takahashi"],
      ["佐藤", "sato"],
      ["渡邉", "watanabe"],
      ["鈴木", "suzuki"],
    ],
  },
  {
    language: "el-GR",
    given: [
      ["Ελένη", "eleni"],
      ["Γιώργος", "giorgos"],
      ["Νίκος", "nikos"],
      ["Σοφία", "sofia"],
    ],
    family: [
      ["Παπαδόπουλος", "papadopoulos"],
      ["Οικονόμου", "oikonomou"],
      ["Βασιλείου", "vasileiou"],
      ["Ξένος", "xenos"],
    ],
  },
  {
    language: "he-IL",
    given: [
      ["נועה", "noa"],
      ["איתן", "eitan"],
      ["שירה", "shira"],
      ["דוד", "david"],
    ],
    family: [
      ["כהן", "cohen"],
      ["לוי", "levi"],
      ["בן־דוד", "ben-david"],
      ["מזרחי", "mizrahi"],
    ],
  },
  {
    language: "hi-IN",
    given: [
      ["अनन्या", "ananya"],
      ["रोहित", "rohit"],
      ["प्रिया", "priya"],
      ["अर्जुन", "arjun"],
    ],
    family: [
      ["शर्मा", "sharma"],
      ["श्रीवास्तव", "shrivastava"],
      ["पटेल", "patel"],
      ["सिंह", "singh"],
    ],
  },
];

/** Departments; all providers share them, so that several settings feed one target group. */
export const DEPARTMENTS: readonly string[] = [
  "Engineering",
  "Sales",
  "Finance",
  "Customer Success",
  'R&D "Skunk" Works',
  "Ürün Yönetimi",
  "İç Denetim",
  "人事部",
  "Отдел продаж",
  "الموارد البشرية",
  "Legal, Risk & Compliance",
  "Straße & Logistik",
];

/** Offices: town, country code and telephone prefix. */
export const LOCATIONS: readonly { locality: string; country: string; dial: string }[] = [
  { locality: "London", country: "GB", dial: "+44 20" },
  { locality: "İstanbul", country: "TR", dial: "+90 212" },
  { locality: "München", country: "DE", dial: "+49 89" },
  { locality: "東京", country: "JP", dial: "+81 3" },
  { locality: "São Paulo", country: "BR", dial: "+55 11" },
  { locality: "New York", country: "US", dial: "+1 212" },
];

/** Job titles. */
export const TITLES: readonly string[] = [
  "Analyst",
  "Engineer",
  "Team Lead",
  "Müdür",
  "Accountant",
  "課長",
  "Coordinator",
];
