using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pontual.Server.Access;

namespace Pontual.Server.Pages.Texts;

/// <summary>The words of the pages in one language.</summary>
internal sealed record PageWords
{
    private static readonly PageWords English = new()
    {
        Language = "en",
        LogInTitle = "Log in to Pontual",
        Name = "Name",
        Password = "Password",
        Code = "Code",
        CodeHint = "Only if you set up codes: from your app, or a recovery code.",
        LogIn = "Log in",
        Refused = "Name, password or code is wrong.",
        CodeNeeded = "This user needs a code too. Type password and code.",
        TooMany = "Too many tries. Wait {0} seconds.",
        Stale = "This form was open too long or came from elsewhere. Try again.",
        AdminTitle = "The first administrator",
        AdminIntro = "Choose the name and password by which you administer this installation. This link works once.",
        NameHint = "Small letters, digits, . _ + - and @; an e-mail address will do.",
        PasswordHint = "12 characters or more.",
        Create = "Create and log in",
        LinkGoneTitle = "This link does not work",
        LinkGone = "It was used, it has ended, or there is an administrator already. Links are printed when the server starts.",
        ToLogIn = "Log in",
        NameWrong = "That is no name: use small letters, digits, . _ + - and @.",
        NameTaken = "A user of this name exists already.",
        TooShort = "The password is shorter than 12 characters.",
        TooLong = "The password is longer than 200 characters.",
        IsName = "The password is the name.",
        Dull = "The password has fewer than four different characters.",
    };

    private static readonly PageWords Portuguese = new()
    {
        Language = "pt-BR",
        LogInTitle = "Entrar no Pontual",
        Name = "Nome",
        Password = "Senha",
        Code = "Código",
        CodeHint = "Só se você usa códigos: do seu aplicativo, ou um código de recuperação.",
        LogIn = "Entrar",
        Refused = "Nome, senha ou código incorretos.",
        CodeNeeded = "Este usuário também precisa de um código. Digite senha e código.",
        TooMany = "Tentativas demais. Espere {0} segundos.",
        Stale = "Este formulário ficou aberto tempo demais ou veio de outro lugar. Tente de novo.",
        AdminTitle = "O primeiro administrador",
        AdminIntro = "Escolha o nome e a senha com que você administra esta instalação. Este link funciona uma única vez.",
        NameHint = "Letras minúsculas, dígitos, . _ + - e @; um endereço de e-mail serve.",
        PasswordHint = "12 caracteres ou mais.",
        Create = "Criar e entrar",
        LinkGoneTitle = "Este link não funciona",
        LinkGone = "Ele já foi usado, expirou, ou já existe um administrador. Os links são mostrados quando o servidor inicia.",
        ToLogIn = "Entrar",
        NameWrong = "Isso não é um nome: use letras minúsculas, dígitos, . _ + - e @.",
        NameTaken = "Já existe um usuário com este nome.",
        TooShort = "A senha tem menos de 12 caracteres.",
        TooLong = "A senha tem mais de 200 caracteres.",
        IsName = "A senha é igual ao nome.",
        Dull = "A senha tem menos de quatro caracteres diferentes.",
    };

    public required string Language { get; init; }
    public required string LogInTitle { get; init; }
    public required string Name { get; init; }
    public required string Password { get; init; }
    public required string Code { get; init; }
    public required string CodeHint { get; init; }
    public required string LogIn { get; init; }
    public required string Refused { get; init; }
    public required string CodeNeeded { get; init; }
    public required string TooMany { get; init; }
    public required string Stale { get; init; }
    public required string AdminTitle { get; init; }
    public required string AdminIntro { get; init; }
    public required string NameHint { get; init; }
    public required string PasswordHint { get; init; }
    public required string Create { get; init; }
    public required string LinkGoneTitle { get; init; }
    public required string LinkGone { get; init; }
    public required string ToLogIn { get; init; }
    public required string NameWrong { get; init; }
    public required string NameTaken { get; init; }
    public required string TooShort { get; init; }
    public required string TooLong { get; init; }
    public required string IsName { get; init; }
    public required string Dull { get; init; }

    /// <summary>The words in the language that the browser asks for first of those there are; English for any other.</summary>
    public static PageWords For(HttpRequest request)
    {
        var wanted = request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString())
            .FirstOrDefault(language => Is(language, "pt") || Is(language, "en"));
        return wanted is not null && Is(wanted, "pt") ? Portuguese : English;
    }

    /// <summary>What to say of a password that will not do.</summary>
    public string Of(PasswordProblem problem) =>
        problem switch
        {
            PasswordProblem.TooShort => TooShort,
            PasswordProblem.TooLong => TooLong,
            PasswordProblem.IsName => IsName,
            _ => Dull,
        };

    /// <summary>How long to wait.</summary>
    public string Wait(string seconds) => string.Format(CultureInfo.InvariantCulture, TooMany, seconds);

    private static bool Is(string language, string prefix) => language.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
