-- Countries of Europe without Russia: estimates of population and economy, most of 2019.
-- Made with Natural Earth (naturalearthdata.com), which is in the public domain. How: see ../../data/README.md.
-- Written by data/make-sql.py: change that, not this.

CREATE TABLE countries (
  iso_a3           CHAR(3)      NOT NULL PRIMARY KEY,
  name             VARCHAR(60)  NOT NULL,
  population       INT UNSIGNED NOT NULL,
  gdp_million_usd  INT UNSIGNED NOT NULL
);

INSERT INTO countries VALUES
  ('ALB', 'Albania', 2854191, 15279),
  ('AUT', 'Austria', 8877067, 445075),
  ('BEL', 'Belgium', 11484055, 533097),
  ('BGR', 'Bulgaria', 6975761, 68558),
  ('BIH', 'Bosnia and Herzegovina', 3301000, 20164),
  ('BLR', 'Belarus', 9466856, 63080),
  ('CHE', 'Switzerland', 8574832, 703082),
  ('CZE', 'Czechia', 10669709, 250680),
  ('DEU', 'Germany', 83132799, 3861123),
  ('DNK', 'Denmark', 5818553, 350104),
  ('ESP', 'Spain', 47076781, 1393490),
  ('EST', 'Estonia', 1326590, 31471),
  ('FIN', 'Finland', 5520314, 269296),
  ('FRA', 'France', 67059887, 2715518),
  ('GBR', 'United Kingdom', 66834405, 2829108),
  ('GRC', 'Greece', 10716322, 209852),
  ('HRV', 'Croatia', 4067500, 60752),
  ('HUN', 'Hungary', 9769949, 163469),
  ('IRL', 'Ireland', 4941444, 388698),
  ('ISL', 'Iceland', 361313, 24188),
  ('ITA', 'Italy', 60297396, 2003576),
  ('LTU', 'Lithuania', 2786844, 54627),
  ('LUX', 'Luxembourg', 619896, 71104),
  ('LVA', 'Latvia', 1912789, 34102),
  ('MDA', 'Moldova', 2657637, 11968),
  ('MKD', 'North Macedonia', 2083459, 12547),
  ('MNE', 'Montenegro', 622137, 5542),
  ('NLD', 'Netherlands', 17332850, 907050),
  ('NOR', 'Norway', 5347896, 403336),
  ('POL', 'Poland', 37970874, 595858),
  ('PRT', 'Portugal', 10269417, 238785),
  ('ROU', 'Romania', 19356544, 250077),
  ('SRB', 'Serbia', 6944975, 51475),
  ('SVK', 'Slovakia', 5454073, 105079),
  ('SVN', 'Slovenia', 2087946, 54174),
  ('SWE', 'Sweden', 10285453, 530883),
  ('UKR', 'Ukraine', 44385155, 153781),
  ('XKX', 'Kosovo', 1794248, 7926);
