# Cypher over Neo4j's HTTP API, which needs no driver. NEO4J_URL says where; the user and the password are in a secret.

# The rows that a statement returns, as a data frame. Values go in as parameters, `$name`, never into the text.
cypher <- function(statement, ...) {
  parameters <- setNames(list(...), names(list(...)) %||% character())
  statement <- list(statement = statement, parameters = parameters)
  body <- jsonlite::toJSON(list(statements = list(statement)), auto_unbox = TRUE, digits = NA)
  request <- curl::new_handle(postfields = body, userpwd = neo4j_user(), httpauth = 1)
  curl::handle_setheaders(request, "Content-Type" = "application/json")
  url <- paste0(Sys.getenv("NEO4J_URL"), "/db/neo4j/tx/commit")
  answer <- jsonlite::fromJSON(rawToChar(curl::curl_fetch_memory(url, request)$content), simplifyVector = FALSE)
  if (length(answer$errors) > 0) stop(answer$errors[[1]]$message)
  rows_of(answer$results[[1]])
}

rows_of <- function(result) {
  value_in <- function(column) sapply(result$data, function(each) each$row[[column]])
  frame <- lapply(seq_along(result$columns), value_in)
  as.data.frame(setNames(frame, unlist(result$columns)))
}

# NAME:PASSWORD.
neo4j_user <- function() sub("/", ":", readLines("/run/secrets/neo4j-auth", warn = FALSE)[1], fixed = TRUE)
