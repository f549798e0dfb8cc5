#include <stdio.h>

int main(void) {
  puts("Hello from a container!");
  puts("It holds one program, which has no libraries, no shell and no files beside it.");
  puts("The engine created it from an image, started it, and sent these lines to you.");
  return 0;
}
