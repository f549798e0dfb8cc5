# Europe, from two databases. In RStudio: open this file and choose Source. The notebook and the Shiny application use it too.

#' Reads a password from its secret file.
password <- function(name) readLines(file.path("/run/secrets", name), n = 1, warn = FALSE)

#' From MySQL: a row for each country, with `population` in persons and `gdp_million_usd`.
people <- function() {
  mysql <- DBI::dbConnect(
    RMariaDB::MariaDB(),
    host = "mysql", dbname = "lab", user = "lab", password = password("mysql-password")
  )
  on.exit(DBI::dbDisconnect(mysql))
  DBI::dbGetQuery(mysql, "
    SELECT iso_a3, name, CAST(population AS DOUBLE) AS population, CAST(gdp_million_usd AS DOUBLE) AS gdp_million_usd
    FROM countries ORDER BY iso_a3")
}

#' From PostGIS: the border of each country, in degrees. sf reads it without another driver.
borders <- function() {
  Sys.setenv(PGHOST = "postgis", PGUSER = "lab", PGDATABASE = "lab", PGPASSWORD = password("postgres-password"))
  sf::st_read("PG:", query = "SELECT iso_a3, border FROM countries ORDER BY iso_a3", quiet = TRUE)
}

#' Both together. Areas are measured on a map that keeps areas, made for Europe.
countries <- function() {
  joined <- merge(sf::st_transform(borders(), "EPSG:3035"), people(), by = "iso_a3")
  joined$area_km2 <- as.numeric(sf::st_area(joined)) / 1e6
  joined$density <- joined$population / joined$area_km2
  joined$gdp_per_head_usd <- joined$gdp_million_usd * 1e6 / joined$population
  joined
}

#' The numbers that the notebook in Python computes as well.
numbers_of <- function(europe) {
  line <- lm(log(gdp_per_head_usd) ~ log(density), europe)
  list(
    countries = nrow(europe),
    population = sum(europe$population),
    area_km2 = sum(europe$area_km2),
    per_km2 = sum(europe$population) / sum(europe$area_km2),
    median_density = median(europe$density),
    densest = europe$name[which.max(europe$density)],
    touching = sum(lengths(sf::st_touches(europe))) / 2,
    slope = unname(coef(line)[2]),
    r_squared = summary(line)$r.squared
  )
}

density_map <- function(europe) {
  ggplot2::ggplot(europe) +
    ggplot2::geom_sf(ggplot2::aes(fill = density), colour = "white", linewidth = 0.2) +
    ggplot2::scale_fill_viridis_c(trans = "log10", name = "people\nper km²") +
    ggplot2::labs(title = "Europe in R: people per square kilometre", caption = "Data: Natural Earth (public domain)") +
    ggplot2::theme_void(base_size = 12)
}

if (interactive()) print(density_map(countries()))
