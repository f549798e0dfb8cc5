# How rich are the countries of Europe? Answered by MySQL each time somebody opens the page.
library(shiny)
source("../europe.R")

ui <- fluidPage(
  titlePanel("Europe: economy per head"),
  sliderInput("least", "Countries with at least this many million people", min = 0, max = 50, value = 5),
  textOutput("richest"),
  plotOutput("bars", height = "600px")
)

server <- function(input, output) {
  economy <- transform(people(), usd = gdp_million_usd * 1e6 / population)
  chosen <- reactive(economy[economy$population >= input$least * 1e6, ])
  output$richest <- renderText({
    best <- chosen()[which.max(chosen()$usd), ]
    sprintf("%d countries; the richest is %s with %.0f dollars per head.", nrow(chosen()), best$name, best$usd)
  })
  output$bars <- renderPlot({
    ggplot2::ggplot(chosen(), ggplot2::aes(usd, reorder(name, usd))) +
      ggplot2::geom_col(fill = "#2a6f97") +
      ggplot2::labs(x = "dollars per head, 2019", y = NULL) +
      ggplot2::theme_minimal(base_size = 14)
  })
}

shinyApp(ui, server)
